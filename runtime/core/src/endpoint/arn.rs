/// The parts of an Amazon Resource Name (AWS rules engine, "ARN structure").
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arn {
    /// The partition, such as `aws`; never empty.
    pub partition: String,
    /// The service, such as `dynamodb`; never empty.
    pub service: String,
    /// The region; empty when the resource belongs to none.
    pub region: String,
    /// The account; empty when the resource belongs to none.
    pub account_id: String,
    /// The resource, cut at every `:` and `/`; never empty.
    pub resource_id: Vec<String>,
}

/// Reads `arn:partition:service:region:account:resource` (AWS rules engine, `aws.parseArn`).
///
/// `None` when the text is not of this form, or when partition, service or resource are empty.
pub fn parse_arn(text: &str) -> Option<Arn> {
    let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
    let mut part = || parts.next().map(str::to_owned);
    let (partition, service, region, account_id) = (part()?, part()?, part()?, part()?);
    let resource = parts.next()?;
    if partition.is_empty() || service.is_empty() || resource.is_empty() {
        return None;
    }
    Some(Arn {
        partition,
        service,
        region,
        account_id,
        resource_id: resource.split([':', '/']).map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the AWS rules engine's page.
    #[test]
    fn parses_documented_examples() {
        let arn =
            parse_arn("arn:aws:ec2:us-east-1:012345678910:vpc/vpc-0e9801d129EXAMPLE").unwrap();
        assert_eq!(arn.partition, "aws");
        assert_eq!(arn.service, "ec2");
        assert_eq!(arn.region, "us-east-1");
        assert_eq!(arn.account_id, "012345678910");
        assert_eq!(arn.resource_id, ["vpc", "vpc-0e9801d129EXAMPLE"]);
        let arn = parse_arn("arn:aws:s3:::bucket_name").unwrap();
        assert_eq!((&*arn.region, &*arn.account_id), ("", ""));
        assert_eq!(arn.resource_id, ["bucket_name"]);
        assert_eq!(parse_arn("11111111-2222-3333-4444-555555555555"), None);
    }

    #[test]
    fn rejects_incomplete_arns() {
        for text in [
            "",
            "arn:",
            "arn:a:b:c:d",
            "arn:a:b:c:d:",
            "arn::b:c:d:e",
            "arn:a::c:d:e",
        ] {
            assert_eq!(parse_arn(text), None, "{text}");
        }
        let arn = parse_arn("arn:a:b:c:d:e:f//g").unwrap();
        assert_eq!(arn.resource_id, ["e", "f", "", "g"]);
    }
}
