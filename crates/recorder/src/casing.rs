//! How AWS Config calls the members of an API's replies.
//!
//! Source: AWS's `config-resource-schema`, by which the tests hold this.

/// How members are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Casing {
    /// As the API: types that AWS Config takes from CloudFormation, and what it doesn't record.
    Api,
    /// As Java beans: every capital at the front is made small. `SSEDescription` is
    /// `ssedescription`, `KMSMasterKeyArn` is `kmsmasterKeyArn`. Most older types.
    Bean,
    /// The first letter is made small: `dBClusterIdentifier`.
    First,
    /// The first word is made small: `sseAlgorithm`, `kmsMasterKeyID`.
    Word,
    /// The first letter is made large: CloudFormation's names of what an API writes small.
    Large,
}

impl Casing {
    /// The member as AWS Config calls it.
    pub fn of(self, name: &str) -> String {
        let capitals = name.bytes().take_while(u8::is_ascii_uppercase).count();
        let small = match self {
            Casing::Api | Casing::Large => 0,
            Casing::First => capitals.min(1),
            // The last of several capitals begins the next word, unless nothing follows.
            Casing::Word if capitals > 1 && capitals < name.len() => capitals - 1,
            Casing::Bean | Casing::Word => capitals,
        };
        let changed = if self == Casing::Large { 1 } else { small };
        let Some((front, rest)) = name.split_at_checked(changed) else {
            return name.to_owned();
        };
        let mut config = String::with_capacity(name.len());
        config.push_str(front);
        if self == Casing::Large {
            config.make_ascii_uppercase();
        } else {
            config.make_ascii_lowercase();
        }
        config.push_str(rest);
        config
    }

    /// A path of the API's names, in these.
    pub fn path(self, path: &str) -> String {
        let steps: Vec<String> = path.split('.').map(|step| self.of(step)).collect();
        steps.join(".")
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: names in AWS's config-resource-schema.

    use super::*;

    #[test]
    fn names_are_as_aws_config_spells_them() {
        for (casing, api, config) in [
            (Casing::Bean, "SSEDescription", "ssedescription"),
            (Casing::Bean, "KMSMasterKeyArn", "kmsmasterKeyArn"),
            (Casing::Bean, "VPCOptions", "vpcoptions"),
            (Casing::Bean, "DBClusterIdentifier", "dbclusterIdentifier"),
            (Casing::Bean, "TrailARN", "trailARN"),
            (Casing::First, "DBClusterIdentifier", "dBClusterIdentifier"),
            (Casing::First, "IAMDatabase", "iAMDatabase"),
            (Casing::Word, "SSEAlgorithm", "sseAlgorithm"),
            (Casing::Word, "KMSMasterKeyID", "kmsMasterKeyID"),
            (Casing::Word, "ID", "id"),
            (Casing::Word, "Rules", "rules"),
            (Casing::Api, "BlockPublicAcls", "BlockPublicAcls"),
            (Casing::Large, "openIDConnectConfig", "OpenIDConnectConfig"),
            (
                Casing::Large,
                "containerDefinitions",
                "ContainerDefinitions",
            ),
        ] {
            assert_eq!(casing.of(api), config, "{casing:?}");
        }
    }
}
