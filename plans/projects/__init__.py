"""The register of projects of 美好社区先锋行动: what villages do with what was learned."""
