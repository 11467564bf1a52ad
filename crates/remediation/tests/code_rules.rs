//! Rules of security groups that code says no more. Oracles: `git apply` takes each patch; cfn-lint has nothing against the
//! templates; HCL and YAML, read again.

#![expect(clippy::string_slice, clippy::unwrap_used, reason = "a test")]

#[path = "code/lint.rs"]
mod lint;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "code/shared.rs"]
mod shared;

use lint::lints;
use posture_remediation::{CodeChange, InTemplate, InTerraform, PatchError, Saying};
use serde_json::{Map, Value, json};
use shared::{file, patched};

/// The ways to say a rule, as the safety files of the documents declare them.
fn ways(tool: &str, port: i64, protocol: &str, cidr: &str) -> Vec<Saying> {
    let content = posture_remediation::Content::embedded().unwrap();
    let remedy = content
        .remedy("AWS-DisablePublicAccessForSecurityGroup")
        .unwrap();
    let gone = &remedy.safety.code.without[0];
    let ways = if tool == "terraform" {
        &gone.terraform
    } else {
        &gone.cloudformation
    };
    let filled = |text: &str| match text {
        "{{ each.IpProtocol }}" => json!(protocol),
        "{{ each.FromPort }}" | "{{ each.ToPort }}" => json!(port),
        "{{ each.CidrIpv4 }}" => json!(cidr),
        text => json!(text),
    };
    let mut ways = ways.clone();
    for way in &mut ways {
        let says: Map<String, Value> = way
            .says
            .iter()
            .map(|(name, value)| (name.clone(), filled(value.as_str().unwrap())))
            .collect();
        way.says = says;
        if let Some(among) = &mut way.among {
            among.element = filled(among.element.as_str().unwrap());
        }
    }
    ways
}

fn group(rules: &[(i64, &str, &str)]) -> CodeChange {
    CodeChange::CloudFormation(InTemplate {
        stack_name: "web".to_owned(),
        logical_resource_id: "Group".to_owned(),
        resource_type: "AWS::EC2::SecurityGroup".to_owned(),
        identifiers: vec!["sg-0123".to_owned()],
        properties: Map::new(),
        without: rules
            .iter()
            .map(|(port, protocol, cidr)| ways("cloudformation", *port, protocol, cidr))
            .collect(),
        statement: None,
    })
}

fn group_of_terraform(rules: &[(i64, &str, &str)]) -> CodeChange {
    CodeChange::Terraform(InTerraform {
        resource_type: "aws_security_group".to_owned(),
        name: "name".to_owned(),
        identifiers: vec!["web".to_owned()],
        beside: None,
        arguments: Map::new(),
        without: rules
            .iter()
            .map(|(port, protocol, cidr)| ways("terraform", *port, protocol, cidr))
            .collect(),
        statement: None,
    })
}

const SSH: (i64, &str, &str) = (22, "tcp", "0.0.0.0/0");
const ALL: (i64, &str, &str) = (-1, "-1", "0.0.0.0/0");

const GROUP: &str = "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:   # who comes in
        # The office.
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: 10.0.0.0/8
        - CidrIp: 0.0.0.0/0   # for now
          IpProtocol: tcp
          FromPort: '22'
          ToPort: 22
        # Everybody.
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
      VpcId: !ImportValue vpc
";

#[test]
fn a_template_says_a_rule_no_more() {
    let found = patched(&group(&[SSH]), &file("web.yaml", GROUP));
    let expected = GROUP.replace(
        "        - CidrIp: 0.0.0.0/0   # for now\n          IpProtocol: tcp\n          FromPort: '22'\n          ToPort: 22\n",
        "",
    );
    assert_eq!(found, expected);
    lints(&found);

    // The only one; a flow; JSON of one line and of several; every port.
    let only = "Resources:\n  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: web\n      SecurityGroupIngress:\n      - IpProtocol: -1\n        CidrIp: 0.0.0.0/0\n      VpcId: vpc-12345678\n";
    let found = patched(&group(&[ALL]), &file("web.yaml", only));
    let rule = "\n      - IpProtocol: -1\n        CidrIp: 0.0.0.0/0";
    assert_eq!(found, only.replace(rule, " []"));
    lints(&found);
    let ssh = json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"});
    let office = json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"});
    for (rules, left) in [
        (json!([ssh]), json!([])),
        (json!([ssh, office]), json!([office])),
        (json!([office, ssh]), json!([office])),
    ] {
        let template = json!({"Resources": {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "a \"b\" {c", "SecurityGroupIngress": rules, "VpcId": "vpc-12345678"}}}});
        for text in [
            template.to_string(),
            serde_json::to_string_pretty(&template).unwrap() + "\n",
        ] {
            let found = patched(&group(&[SSH]), &file("web.json", &text));
            let found: Value = serde_json::from_str(&found).unwrap();
            let mut expected = template.clone();
            expected["Resources"]["Group"]["Properties"]["SecurityGroupIngress"] = left.clone();
            assert_eq!(found, expected, "{text}");
        }
    }
}

const APART: &str = "Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web

  # Ours.
  Ssh:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !GetAtt Group.GroupId
      IpProtocol: tcp
      FromPort: 22

      ToPort: 22
      CidrIp: 0.0.0.0/0
  Other:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Elsewhere.GroupId, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Elsewhere:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: e}
";

#[test]
fn a_rule_that_is_a_resource_goes_as_a_whole_where_nothing_refers_to_it() {
    let found = patched(&group(&[SSH]), &file("web.yaml", APART));
    let from = APART.find("  Ssh:").unwrap();
    let to = APART.find("  Other:").unwrap();
    assert_eq!(found, format!("{}{}", &APART[..from], &APART[to..]));
    lints(&found);
    for more in [
        "    DependsOn: Ssh\n",
        "    Metadata: {a: !Sub 'x ${Ssh}'}\n",
        "    Metadata: {a: !Ref Ssh}\n",
    ] {
        let text = format!("{APART}{more}");
        let refused = group(&[SSH]).patch(&[file("web.yaml", &text)], None, None);
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("Ssh, which the template refers to"), "{said}");
    }
    // Nobody says it, or says it by a parameter.
    for text in [
        APART.replace(
            "CidrIp: 0.0.0.0/0\n  Other",
            "CidrIp: !Ref Anywhere\n  Other",
        ),
        APART.replace("!GetAtt Group.GroupId", "!GetAtt Elsewhere.GroupId"),
    ] {
        let refused = group(&[SSH]).patch(&[file("web.yaml", &text)], None, None);
        let said = refused.unwrap_err().to_string();
        let expected = "web.yaml does not say SecurityGroupIngress of IpProtocol tcp, FromPort 22, ToPort 22, CidrIp 0.0.0.0/0";
        assert!(said.starts_with(expected), "{said}");
    }
    let parameter = "Resources:\n  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress: !Ref Rules\n";
    let refused = group(&[SSH]).patch(&[file("web.yaml", parameter)], None, None);
    assert!(
        matches!(refused, Err(PatchError::ByHand { .. })),
        "{refused:?}"
    );
}

const WEB: &str = r#"resource "aws_security_group" "web" {
  name = "web"

  # The office, and for now everybody.
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0", "10.0.0.0/8"]
  }

  ingress {
    description = "all"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group_rule" "ssh" {
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_vpc_security_group_ingress_rule" "rdp" {
  security_group_id = aws_security_group.web.id
  from_port         = 3389
  to_port           = 3389
  ip_protocol       = "tcp"
  cidr_ipv4         = "0.0.0.0/0"
}

output "id" { value = aws_security_group.web.id }
"#;

#[test]
fn terraform_says_a_rule_no_more() {
    let rdp = (3389, "tcp", "0.0.0.0/0");
    let without = |from: &str, to: &str| {
        let start = WEB.find(from).unwrap();
        let end = start + WEB[start..].find(to).unwrap();
        format!("{}{}", &WEB[..start], &WEB[end..])
    };
    let one_of_two = WEB.replace("[\"0.0.0.0/0\", \"10", "[\"10");
    let all = without(
        "\n  ingress {\n    description",
        "}\n\nresource \"aws_security_group_rule",
    );
    let vpc_rule = without("resource \"aws_vpc", "output");
    for (rule, expected) in [(SSH, &one_of_two), (ALL, &all), (rdp, &vpc_rule)] {
        let found = patched(&group_of_terraform(&[rule]), &file("web.tf", WEB));
        assert_eq!(&found, expected);
    }
    // The block no longer says it: the resource beside does, in a file of its own.
    let start = one_of_two
        .find("resource \"aws_security_group_rule")
        .unwrap();
    let files = [
        file("a.tf", &one_of_two[..start]),
        file("b.tf", &one_of_two[start..]),
    ];
    let patch = group_of_terraform(&[SSH])
        .patch(&files, None, None)
        .unwrap();
    assert!(patch.starts_with("--- a/b.tf\n"), "{patch}");
    assert!(
        patch.contains("\n-resource \"aws_security_group_rule\" \"ssh\" {"),
        "{patch}"
    );
    // Two rules in two files are one patch.
    let patch = group_of_terraform(&[ALL, rdp])
        .patch(&files, None, None)
        .unwrap();
    assert!(
        patch.contains("--- a/a.tf\n") && patch.contains("--- a/b.tf\n"),
        "{patch}"
    );

    for (text, expected) in [
        (
            WEB.replace("0.0.0.0/0", "10.1.0.0/16"),
            "does not say ingress of cidr_blocks 0.0.0.0/0",
        ),
        (
            format!("{vpc_rule}output \"x\" {{ value = aws_security_group_rule.ssh.id }}\n")
                .replace("\"0.0.0.0/0\", ", ""),
            "aws_security_group_rule.ssh, which the code refers to,",
        ),
        (
            WEB.replace("  name = \"web\"\n", "  name = \"web\"\n  ingress = []\n"),
            "ingress is said in a way",
        ),
    ] {
        let refused = group_of_terraform(&[SSH]).patch(&[file("web.tf", &text)], None, None);
        let said = refused.unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    }
}
