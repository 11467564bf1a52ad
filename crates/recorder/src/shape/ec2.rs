//! What EC2's answers become where AWS Config's items are otherwise.

use serde_json::{Value, json};

use crate::text::values;

/// AWS Config has the ranges twice: as plain texts, and with their descriptions.
pub(crate) fn security_group(configuration: &mut Value, entry: &Value) {
    for (member, api) in [
        ("ipPermissions", "IpPermissions[]"),
        ("ipPermissionsEgress", "IpPermissionsEgress[]"),
    ] {
        let permissions = configuration.get_mut(member).and_then(Value::as_array_mut);
        let permissions = permissions.into_iter().flatten();
        for (permission, api) in permissions.zip(values(api, entry)) {
            let plain = values("IpRanges[].CidrIp", api);
            let plain: Vec<Value> = plain.into_iter().cloned().collect();
            if let Some(members) = permission.as_object_mut() {
                let described = members.insert("ipRanges".to_owned(), Value::Array(plain));
                members.insert("ipv4Ranges".to_owned(), described.unwrap_or_default());
            }
        }
    }
}

/// CloudFormation's names: the id is `Id`, and the options are the gateway's own.
pub(crate) fn transit_gateway(configuration: &mut Value, entry: &Value) {
    let mut shaped = entry.get("Options").cloned().unwrap_or_else(|| json!({}));
    if let Some(members) = shaped.as_object_mut() {
        for (member, api) in [("Id", "TransitGatewayId"), ("Description", "Description")] {
            members.insert(member.to_owned(), entry[api].clone());
        }
    }
    *configuration = shaped;
}

/// CloudFormation's names: the id is `Id`.
pub(crate) fn client_vpn_endpoint(configuration: &mut Value, entry: &Value) {
    if let Some(members) = configuration.as_object_mut() {
        for member in ["ClientVpnEndpointId", "Tags", "AssociatedTargetNetworks"] {
            members.shift_remove(member);
        }
        members.insert("Id".to_owned(), entry["ClientVpnEndpointId"].clone());
    }
}

/// CloudFormation's names: a template with its default version's data.
pub(crate) fn launch_template(configuration: &mut Value, entry: &Value) {
    *configuration = json!({
        "Id": entry["LaunchTemplateId"],
        "LaunchTemplateName": entry["LaunchTemplateName"],
        "DefaultVersionNumber": entry["VersionNumber"].to_string(),
        "LaunchTemplateData": entry["LaunchTemplateData"],
    });
}
