//! A rule reads more than the resource that is fixed.

use super::{Moto, User, boto3, scanned};

const ELSEWHERE: &str = "
import boto3
ec2 = boto3.client('ec2')
vpc = ec2.create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['VpcId']
subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f'10.0.{n}.0/24', AvailabilityZone=f'eu-west-1{zone}')['Subnet']['SubnetId']
    for n, zone in enumerate('ab')]
elb = boto3.client('elbv2')
balancer = elb.create_load_balancer(Name='lb1', Subnets=subnets)['LoadBalancers'][0]['LoadBalancerArn']
certificate = boto3.client('acm').request_certificate(DomainName='example.org')['CertificateArn']
answer = [{'Type': 'fixed-response', 'FixedResponseConfig': {'StatusCode': '200'}}]
elb.create_listener(LoadBalancerArn=balancer, Protocol='HTTPS', Port=443,
    Certificates=[{'CertificateArn': certificate}], DefaultActions=answer)
elb.create_listener(LoadBalancerArn=balancer, Protocol='HTTP', Port=80, DefaultActions=answer)
";

/// A fix of a load balancer changes its listeners, and one of the account in a Region leaves its other Regions as they
/// are: the rule is content all the same.
#[test]
fn a_rule_that_reads_other_resources_sees_them_fixed() {
    let Some(moto) = Moto::start() else { return };
    boto3(&moto, ELSEWHERE);
    let user = User {
        moto: &moto,
        folder: tempfile::tempdir().unwrap(),
    };
    let rules = [
        "alb-http-to-https-redirection-check",
        "ec2-ebs-encryption-by-default",
    ];
    let config = rules.map(|rule| format!("{{rule: {rule}}}")).join(", ");
    let found = scanned(&user, &format!("rules: [{config}]\n"));
    let at = ["--state", "state"];
    for rule in rules {
        let findings = found["findings"].as_array().unwrap();
        let finding = findings.iter().map(|one| (&one["number"], &one["finding"]));
        let identifier = posture_rules::catalogue::find(rule)
            .unwrap()
            .rule
            .identifier();
        let (number, _) = finding
            .filter(|(_, finding)| finding["Region"] == "eu-west-1")
            .find(|(_, finding)| finding["ProductFields"]["posture/rule"] == identifier)
            .expect(rule);
        let plan = ["plan", "--finding", &number.to_string(), "--as", "anna"];
        let (said, _) = user.says(&[&plan[..], &at].concat());
        let id = said.split_whitespace().next().unwrap();
        user.says(&[&["approve", id, "--as", "berta"][..], &at].concat());
        let done = format!("{id}  Succeeded  done, and read again; {rule} says COMPLIANT\n");
        assert_eq!(
            user.says(&[&["run", id][..], &at].concat()),
            (done, Some(0))
        );
    }
}
