//! What several rules share, each with its own tests.

pub mod backup;
pub mod backup_protection;
pub mod broker;
pub mod credential_report;
pub mod eks_secrets;
pub mod event_selectors;
pub mod firewall;
pub mod inline_policy;
pub mod kms;
pub mod kms_access;
pub mod lists;
pub mod load_balancers;
pub mod managed_policy;
pub mod methods;
pub mod named_key;
pub mod origins;
pub mod parameter;
pub mod policy;
pub mod policy_document;
pub mod ports;
pub mod root_user;
pub mod schedule;
pub mod search_domains;
pub mod task_definitions;
pub mod trail;
pub mod unread;
