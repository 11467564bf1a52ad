//! `parseURL` of the rules' language.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Value, json};

/// The parts of an `http` or `https` URL without a query; nothing for any other text.
pub(super) fn parse(text: &str) -> Option<Value> {
    let (scheme, rest) = text.split_once("://")?;
    if !matches!(scheme, "http" | "https") || rest.contains('?') {
        return None;
    }
    let rest = rest.split('#').next()?;
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let host = host(authority)?;
    let is_ip = host.parse::<Ipv4Addr>().is_ok() || is_ipv6(host);
    let normal = match path {
        "" | "/" => "/".to_owned(),
        path if path.ends_with('/') => path.to_owned(),
        path => format!("{path}/"),
    };
    Some(json!({
        "scheme": scheme,
        "authority": authority,
        "path": path,
        "normalizedPath": normal,
        "isIp": is_ip,
    }))
}

/// Whether an authority is an IP address or `localhost`, before which no name can stand.
pub(crate) fn is_address(authority: &str) -> bool {
    host(authority).is_some_and(|host| {
        host == "localhost" || host.parse::<Ipv4Addr>().is_ok() || is_ipv6(host)
    })
}

/// The authority without its port, which must be a number.
fn host(authority: &str) -> Option<&str> {
    if authority.is_empty() {
        return None;
    }
    if authority.ends_with(']') {
        return Some(authority);
    }
    match authority.rsplit_once(':') {
        Some((host, port)) => port.parse::<u16>().is_ok().then_some(host),
        None => Some(authority),
    }
}

fn is_ipv6(host: &str) -> bool {
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|host| host.parse::<Ipv6Addr>().is_ok())
}
