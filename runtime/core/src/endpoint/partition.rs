/// A group of AWS regions under one set of domain names (AWS rules engine, "Partition structure").
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Partition {
    /// The partition's name, as in ARNs.
    pub name: &'static str,
    /// The domain of its endpoints.
    pub dns_suffix: &'static str,
    /// The domain of its endpoints that speak both IPv4 and IPv6.
    pub dual_stack_dns_suffix: &'static str,
    /// Whether services have endpoints with FIPS-validated cryptography.
    pub supports_fips: bool,
    /// Whether services have endpoints that speak both IPv4 and IPv6.
    pub supports_dual_stack: bool,
    /// The region that signs for services without regions.
    pub implicit_global_region: &'static str,
    /// The name that stands for the partition as a whole where a region is asked for, if any.
    pub(super) global: Option<&'static str>,
    /// What its regions' names begin with; a word, a hyphen and a number follow.
    prefixes: &'static [&'static str],
}

/// The partition that a region belongs to (AWS rules engine, `aws.partition`): by name, by the form
/// of the name for regions newer than this table, and `aws` for all else.
pub fn partition(region: &str) -> &'static Partition {
    let is_home = |partition: &&Partition| partition.owns(region);
    PARTITIONS.iter().find(is_home).unwrap_or(&AWS)
}

impl Partition {
    /// Whether `region` is the partition's global name, or matches the expression that AWS publishes
    /// for it: `^PREFIX\w+-\d+$`, one of the prefixes standing for `PREFIX`. All named regions do.
    pub(super) fn owns(&self, region: &str) -> bool {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let matches = |prefix: &&str| {
            let parts = region
                .strip_prefix(prefix)
                .and_then(|rest| rest.split_once('-'));
            parts.is_some_and(|(word, number)| {
                !word.is_empty()
                    && word.chars().all(is_word)
                    && !number.is_empty()
                    && number.bytes().all(|digit| digit.is_ascii_digit())
            })
        };
        self.global == Some(region) || self.prefixes.iter().any(matches)
    }
}

const AWS: Partition = Partition {
    name: "aws",
    dns_suffix: "amazonaws.com",
    dual_stack_dns_suffix: "api.aws",
    supports_fips: true,
    supports_dual_stack: true,
    implicit_global_region: "us-east-1",
    global: Some("aws-global"),
    prefixes: &[
        "us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-",
    ],
};

/// Every partition. The facts are those of AWS's `partitions.json`, version 1.1.
static PARTITIONS: [Partition; 8] = [
    AWS,
    Partition {
        name: "aws-cn",
        dns_suffix: "amazonaws.com.cn",
        dual_stack_dns_suffix: "api.amazonwebservices.com.cn",
        implicit_global_region: "cn-northwest-1",
        global: Some("aws-cn-global"),
        prefixes: &["cn-"],
        ..AWS
    },
    Partition {
        name: "aws-eusc",
        dns_suffix: "amazonaws.eu",
        dual_stack_dns_suffix: "api.amazonwebservices.eu",
        implicit_global_region: "eusc-de-east-1",
        global: None,
        prefixes: &["eusc-de-"],
        ..AWS
    },
    Partition {
        name: "aws-iso",
        dns_suffix: "c2s.ic.gov",
        dual_stack_dns_suffix: "api.aws.ic.gov",
        implicit_global_region: "us-iso-east-1",
        global: Some("aws-iso-global"),
        prefixes: &["us-iso-"],
        ..AWS
    },
    Partition {
        name: "aws-iso-b",
        dns_suffix: "sc2s.sgov.gov",
        dual_stack_dns_suffix: "api.aws.scloud",
        implicit_global_region: "us-isob-east-1",
        global: Some("aws-iso-b-global"),
        prefixes: &["us-isob-"],
        ..AWS
    },
    Partition {
        name: "aws-iso-e",
        dns_suffix: "cloud.adc-e.uk",
        dual_stack_dns_suffix: "api.cloud-aws.adc-e.uk",
        implicit_global_region: "eu-isoe-west-1",
        global: Some("aws-iso-e-global"),
        prefixes: &["eu-isoe-"],
        ..AWS
    },
    Partition {
        name: "aws-iso-f",
        dns_suffix: "csp.hci.ic.gov",
        dual_stack_dns_suffix: "api.aws.hci.ic.gov",
        implicit_global_region: "us-isof-south-1",
        global: Some("aws-iso-f-global"),
        prefixes: &["us-isof-"],
        ..AWS
    },
    Partition {
        name: "aws-us-gov",
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        implicit_global_region: "us-gov-west-1",
        global: Some("aws-us-gov-global"),
        prefixes: &["us-gov-"],
        ..AWS
    },
];
