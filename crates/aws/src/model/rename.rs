//! Outputs under other names of their members.

use serde_json::{Map, Value};

use super::{Kind, Member, Operation, Service};

impl Service {
    /// An output of an operation with the members of its structures renamed. The keys of maps stay: they are the
    /// customer's words, or AWS's data.
    pub fn renamed(
        &self,
        operation: &Operation,
        output: &Value,
        rename: &dyn Fn(&str) -> String,
    ) -> Value {
        match &operation.output {
            Some(member) => self.renamed_member(member, output, rename),
            None => output.clone(),
        }
    }

    fn renamed_member(
        &self,
        member: &Member,
        value: &Value,
        rename: &dyn Fn(&str) -> String,
    ) -> Value {
        let shape = self.shape(member);
        match (shape.kind, value) {
            (Kind::Structure, Value::Object(members)) if !shape.document => {
                let mut renamed = Map::with_capacity(members.len());
                for (name, value) in members {
                    let value = match shape.member(name) {
                        Some(member) => self.renamed_member(member, value, rename),
                        None => value.clone(),
                    };
                    renamed.insert(rename(name), value);
                }
                Value::Object(renamed)
            }
            (Kind::List, Value::Array(elements)) => match shape.first() {
                Some(element) => elements
                    .iter()
                    .map(|value| self.renamed_member(element, value, rename))
                    .collect(),
                None => value.clone(),
            },
            (Kind::Map, Value::Object(entries)) => match shape.second() {
                Some(element) => entries
                    .iter()
                    .map(|(key, value)| (key.clone(), self.renamed_member(element, value, rename)))
                    .collect(),
                None => value.clone(),
            },
            _ => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_keys_of_maps_and_documents_stay() {
        let service = Service::named("lambda").unwrap();
        let operation = service.operation("ListFunctions").unwrap();
        let output = json!({"Functions": [{"Environment": {"Variables": {"PATH": "x"}}}]});
        let renamed = service.renamed(operation, &output, &|name| name.to_ascii_lowercase());
        assert_eq!(
            renamed,
            json!({"functions": [{"environment": {"variables": {"PATH": "x"}}}]})
        );
        let service = Service::named("iam").unwrap();
        let operation = service.operation("GetRole").unwrap();
        let output = json!({"Role": {"AssumeRolePolicyDocument": {"Statement": []}}});
        let renamed = service.renamed(operation, &output, &|name| name.to_ascii_lowercase());
        assert_eq!(
            renamed,
            json!({"role": {"assumerolepolicydocument": {"Statement": []}}})
        );
    }
}
