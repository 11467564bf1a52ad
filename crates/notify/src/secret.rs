//! Secrets, by reference only: where they are, never what they are.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use posture_aws::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// Where a secret is. Exactly one of the three.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum SecretRef {
    /// In this environment variable.
    Env(String),
    /// In this file; white space at its end is not part of it.
    File(PathBuf),
    /// In AWS Secrets Manager, under this name or ARN.
    SecretsManager(String),
}

/// A secret. Shows itself to nobody by accident.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret of this text.
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// What it is: for the request that needs it, and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a secret can't be had. Says where it was looked for, never what was found.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The variable is not set, or is empty.
    #[error("the secret's environment variable {0} is not set")]
    Env(String),
    /// The file can't be read.
    #[error("the secret's file {path} could not be read: {cause}")]
    File {
        /// The file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// Secrets Manager does not give it.
    #[error("the secret {name} could not be had from Secrets Manager: {cause}")]
    SecretsManager {
        /// Its name or ARN.
        name: String,
        /// Why.
        cause: String,
    },
    /// It has nothing in it.
    #[error("the secret {0} is empty")]
    Empty(String),
}

/// How an environment variable is read.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Finds secrets. What Secrets Manager said counts for five minutes; the rest is looked up each time.
pub struct Secrets {
    environment: Environment,
    client: Client,
    known: Mutex<HashMap<String, (Instant, Secret)>>,
}

const FRESH: Duration = Duration::from_mins(5);

impl Secrets {
    /// Finds them in this environment, in files and with this client.
    pub fn new(environment: Environment, client: Client) -> Secrets {
        Secrets {
            environment,
            client,
            known: Mutex::default(),
        }
    }

    /// The secret that a reference names.
    ///
    /// # Errors
    /// Where it is not there, or is empty.
    pub async fn get(&self, reference: &SecretRef) -> Result<Secret, SecretError> {
        match reference {
            SecretRef::Env(name) => {
                let found = (self.environment)(name).filter(|text| !text.is_empty());
                found
                    .map(Secret)
                    .ok_or_else(|| SecretError::Env(name.clone()))
            }
            SecretRef::File(path) => {
                let name = path.display().to_string();
                let text = tokio::fs::read_to_string(path).await;
                let text = text.map_err(|cause| SecretError::File {
                    path: name.clone(),
                    cause,
                })?;
                filled(text.trim_end(), name)
            }
            SecretRef::SecretsManager(name) => self.in_secrets_manager(name).await,
        }
    }

    async fn in_secrets_manager(&self, name: &str) -> Result<Secret, SecretError> {
        let mut known = self.known.lock().await;
        if let Some((at, secret)) = known.get(name)
            && at.elapsed() < FRESH
        {
            return Ok(secret.clone());
        }
        let refused = |cause: String| SecretError::SecretsManager {
            name: name.to_owned(),
            cause,
        };
        // An ARN names its Region.
        let region = name
            .strip_prefix("arn:")
            .and_then(|arn| arn.split(':').nth(2));
        let client = region.map_or_else(|| self.client.clone(), |one| self.client.in_region(one));
        let input = json!({"SecretId": name});
        let answer = client.call("secretsmanager", "GetSecretValue", &input);
        let answer = answer.await.map_err(|error| refused(error.to_string()))?;
        let text = answer.get("SecretString").and_then(Value::as_str);
        let text = text.ok_or_else(|| refused("it is no text".to_owned()))?;
        let secret = filled(text, name.to_owned())?;
        known.insert(name.to_owned(), (Instant::now(), secret.clone()));
        Ok(secret)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

fn filled(text: &str, name: String) -> Result<Secret, SecretError> {
    if text.is_empty() {
        return Err(SecretError::Empty(name));
    }
    Ok(Secret(text.to_owned()))
}
