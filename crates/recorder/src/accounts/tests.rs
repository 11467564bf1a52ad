//! What needs no network. Against moto: `posture/tests/accounts.rs`.

use super::RoleName;

#[test]
fn a_role_s_name_is_one_in_each_account() {
    let role = RoleName::Name("audit/Recorder".to_owned());
    let arn = role.arn("aws-cn", "111122223333");
    assert_eq!(arn, "arn:aws-cn:iam::111122223333:role/audit/Recorder");
    let role = RoleName::Arn("arn:aws:iam::1:role/a".to_owned());
    assert_eq!(role.arn("aws", "2"), "arn:aws:iam::1:role/a");
}
