//! SageMaker.

use serde_json::json;

use super::Estate;
use super::item::Item;
use super::site::Site;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(2) {
        estate.add(notebook(site, n));
        estate.add(endpoint_configuration(site, n));
    }
}

fn notebook(site: Site, n: usize) -> Item {
    let mut draw = site.draw("notebook", n);
    let name = format!("{}-notebook", site.app(n));
    let arn = site.arn("sagemaker", &format!("notebook-instance/{name}"));
    let mut configuration = json!({
        "Id": arn, "NotebookInstanceName": name, "InstanceType": "ml.t3.medium",
        "RoleArn": site.role("sagemaker"), "VolumeSizeInGB": 20,
        "DirectInternetAccess": draw.either("Disabled", "Enabled"),
        "RootAccess": draw.either("Disabled", "Enabled"),
        "SubnetId": site.subnet(n), "SecurityGroupIds": [site.security_group(n)],
    });
    if let (true, Some(members)) = (draw.ok(), configuration.as_object_mut()) {
        members.insert("KmsKeyId".to_owned(), json!(site.key("data")));
    }
    Item::new(site, "AWS::SageMaker::NotebookInstance", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(configuration)
}

fn endpoint_configuration(site: Site, n: usize) -> Item {
    let mut draw = site.draw("endpoint-config", n);
    let name = format!("{}-ranker-v{}", site.app(n), draw.between(2, 30));
    let arn = site.arn("sagemaker", &format!("endpoint-config/{name}"));
    let mut configuration = json!({
        "Id": arn, "EndpointConfigName": name,
        "ProductionVariants": [{"VariantName": "all", "ModelName": name,
            "InstanceType": "ml.m6i.large", "InitialVariantWeight": 1.0,
            "InitialInstanceCount": draw.either(2, 1)}],
    });
    if let (true, Some(members)) = (draw.ok(), configuration.as_object_mut()) {
        members.insert("KmsKeyId".to_owned(), json!(site.key("data")));
    }
    Item::new(site, "AWS::SageMaker::EndpointConfig", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(configuration)
}
