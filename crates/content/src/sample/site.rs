//! Where the sample's resources live: accounts, Regions, and the names and ids that follow.

use super::draw::Draw;

/// An account of the sample's owner, a shop that does not exist.
#[derive(Debug)]
pub(super) struct Account {
    /// Its number: one of those that AWS's own documentation uses for examples.
    pub(super) id: &'static str,
    /// What it is for; also the `Environment` of its tags.
    pub(super) name: &'static str,
    /// How many of 100 resources are well kept, and how many of the rest are forgotten.
    well_kept: u64,
    forgotten: u64,
    /// Its size, in percent of the largest.
    size: usize,
}

/// A Region in use.
#[derive(Debug)]
pub(super) struct Region {
    /// AWS's name for it.
    pub(super) name: &'static str,
    /// The second octet of its networks.
    pub(super) octet: u8,
    /// Its size, in percent of the largest.
    size: usize,
}

/// The organization's management account first.
pub(super) static ACCOUNTS: [Account; 3] = [
    Account {
        id: "111122223333",
        name: "platform",
        well_kept: 90,
        forgotten: 1,
        size: 60,
    },
    Account {
        id: "444455556666",
        name: "production",
        well_kept: 92,
        forgotten: 1,
        size: 100,
    },
    Account {
        id: "777788889999",
        name: "sandbox",
        well_kept: 58,
        forgotten: 12,
        size: 55,
    },
];

/// The home Region first.
pub(super) static REGIONS: [Region; 4] = [
    Region {
        name: "us-east-1",
        octet: 10,
        size: 100,
    },
    Region {
        name: "us-west-2",
        octet: 20,
        size: 45,
    },
    Region {
        name: "eu-west-1",
        octet: 30,
        size: 75,
    },
    Region {
        name: "eu-central-1",
        octet: 40,
        size: 30,
    },
];

/// What the shop runs.
const APPS: [&str; 12] = [
    "orders",
    "payments",
    "catalog",
    "search",
    "ledger",
    "notifications",
    "identity",
    "reporting",
    "recommendations",
    "inventory",
    "shipping",
    "checkout",
];

/// One account in one Region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    pub(super) account: &'static Account,
    pub(super) region: &'static Region,
}

impl Site {
    /// Every site, by account, then Region.
    pub(super) fn all() -> impl Iterator<Item = Site> {
        ACCOUNTS
            .iter()
            .flat_map(|account| REGIONS.iter().map(move |region| Site { account, region }))
    }

    /// Whether this is where an account's global facts are recorded.
    pub(super) fn is_home(self) -> bool {
        self.region.name == "us-east-1"
    }

    /// How many there are here of something of which the largest site has `most`; one at least.
    pub(super) fn count(self, most: usize) -> usize {
        let hundredths = most * self.account.size * self.region.size / 100;
        ((hundredths + 50) / 100).max(1)
    }

    /// The draws about a resource: how well it is kept is the first of them.
    pub(super) fn draw(self, kind: &str, n: usize) -> Draw {
        let seed = self.seed(kind, n);
        let mut draw = Draw::new(&seed, 0);
        let roll = draw.below(100);
        let care = if roll < self.account.well_kept {
            97
        } else if roll < 100 - self.account.forgotten {
            70
        } else {
            25
        };
        draw.with_care(care)
    }

    fn seed(self, kind: &str, n: usize) -> String {
        format!("{}/{}/{kind}/{n}", self.account.id, self.region.name)
    }

    /// A resource id such as `vpc-0a1b2c3d4e5f60718`.
    pub(super) fn id(self, prefix: &str, n: usize) -> String {
        format!(
            "{prefix}-0{:016x}",
            Draw::new(&self.seed(prefix, n), 0).next()
        )
    }

    /// `digits` hexadecimal digits that stand for the `n`th of a kind; 32 at most.
    pub(super) fn hex(self, kind: &str, n: usize, digits: usize) -> String {
        let mut draw = Draw::new(&self.seed(kind, n), 0);
        let (first, second) = (draw.next(), draw.next());
        let mut text = format!("{first:016x}{second:016x}");
        text.truncate(digits);
        text
    }

    /// A UUID-shaped id.
    pub(super) fn uuid(self, kind: &str, n: usize) -> String {
        let digits = self.hex(kind, n, 32);
        let mut text = String::with_capacity(36);
        for (index, digit) in digits.chars().enumerate() {
            if matches!(index, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            text.push(digit);
        }
        text
    }

    /// An id of capitals and digits, as IAM and CloudFront give.
    pub(super) fn capitals(self, prefix: &str, n: usize, length: usize) -> String {
        const LETTERS: &[char] = &[
            'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q',
            'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7',
        ];
        let mut draw = Draw::new(&self.seed(prefix, n), 0);
        let mut text = prefix.to_owned();
        text.extend((0..length).map(|_| draw.pick(LETTERS)));
        text
    }

    /// An ARN in this account and Region.
    pub(super) fn arn(self, service: &str, resource: &str) -> String {
        let (region, account) = (self.region.name, self.account.id);
        format!("arn:aws:{service}:{region}:{account}:{resource}")
    }

    /// An ARN in this account, of a service without Regions.
    pub(super) fn global_arn(self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}::{}:{resource}", self.account.id)
    }

    /// The role of this name.
    pub(super) fn role(self, name: &str) -> String {
        self.global_arn("iam", &format!("role/{name}"))
    }

    /// The KMS key for a purpose; [`super::keys::PURPOSES`] has them all.
    pub(super) fn key(self, purpose: &str) -> String {
        self.arn("kms", &format!("key/{}", self.uuid(purpose, 0)))
    }

    /// The topic that the people on call listen to.
    pub(super) fn alerts(self) -> String {
        self.arn("sns", "ops-alerts")
    }

    /// The Availability Zone that the `n`th of something is in.
    pub(super) fn zone(self, n: usize) -> String {
        let letter = match n % 3 {
            0 => 'a',
            1 => 'b',
            _ => 'c',
        };
        format!("{}{letter}", self.region.name)
    }

    /// What the `n`th of something belongs to.
    pub(super) fn app(self, n: usize) -> &'static str {
        let offset = usize::from(self.region.octet) / 10;
        APPS.get((n + offset) % APPS.len())
            .copied()
            .unwrap_or("shop")
    }

    /// The VPC of the `n`th of something that lives in one.
    pub(super) fn vpc(self, n: usize) -> String {
        self.id("vpc", n % super::networking::vpcs(self))
    }

    /// The private subnet of the `n`th of something that lives in one: of the same VPC as
    /// [`Site::vpc`] gives.
    pub(super) fn subnet(self, n: usize) -> String {
        let vpc = n % super::networking::vpcs(self);
        self.id("subnet", vpc * 10 + 2 + n / 2 % 2)
    }

    /// The security group of the `n`th of something that has one.
    pub(super) fn security_group(self, n: usize) -> String {
        self.id("sg", n % super::firewalls::security_groups(self))
    }
}
