//! A webhook: the event as JSON, signed as Standard Webhooks has it.
//!
//! Source: the Standard Webhooks specification (standard-webhooks/standard-webhooks,
//! spec/standard-webhooks.md): HMAC-SHA256 of `id.timestamp.body`, base64, after `v1,`. The id is the
//! same at each attempt, the timestamp that of the attempt.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use posture_aws::HttpRequest;
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::no_url;
use crate::error::SendError;
use crate::outlet::{Message, Outlet};
use crate::secret::{Secret, SecretRef};

/// An HTTPS endpoint of your own.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    /// Where events are posted to.
    url: String,
    /// The key that signs them: `whsec_` and base64, or any text.
    secret: SecretRef,
}

impl Webhook {
    pub(crate) fn problems(&self) -> Vec<String> {
        no_url(&self.url).into_iter().collect()
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let secret = outlet.secret(&self.secret).await?;
        let body = message.body();
        let timestamp = message.sent_at.as_second();
        let signature = signature(&secret, &message.id, timestamp, &body)?;
        let request = HttpRequest {
            method: "POST",
            url: &self.url,
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("webhook-id", message.id.clone()),
                ("webhook-timestamp", timestamp.to_string()),
                ("webhook-signature", signature),
            ],
            body: body.into_bytes(),
        };
        outlet.send(request).await?;
        Ok(())
    }
}

fn signature(secret: &Secret, id: &str, timestamp: i64, body: &str) -> Result<String, SendError> {
    let text = secret.expose();
    let key = match text.strip_prefix("whsec_") {
        Some(encoded) => STANDARD
            .decode(encoded)
            .map_err(|_| SendError::down("the secret begins with whsec_, and no base64 follows"))?,
        None => text.as_bytes().to_vec(),
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: the example of the libraries of standard-webhooks (test vectors of every language).
    #[test]
    fn the_specification_s_own_example() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let body = r#"{"test": 2432232314}"#;
        let found = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(found.unwrap(), expected);
    }
}
