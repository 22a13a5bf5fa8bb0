using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Authentication;

/// <summary>Kubernetes' <c>apiserver.config.k8s.io/v1 AuthenticationConfiguration</c>.</summary>
[KeepUnknownFields]
public sealed record AuthenticationConfiguration
{
    [Required, Description("Issuers of tokens, tried in this order.")]
    public List<JwtAuthenticator> Jwt { get; set; } = [];

    [Description("Whether requests without credentials are let in.")]
    public AnonymousAuthentication? Anonymous { get; set; }
}

public sealed record AnonymousAuthentication
{
    [Required, Description("Whether requests without credentials are let in.")]
    public bool Enabled { get; set; }

    [Description("Only for these paths; absent means all.")]
    public List<AnonymousCondition>? Conditions { get; set; }
}

public sealed record AnonymousCondition
{
    [Required, Description("The path.")]
    public string Path { get; set; } = "";
}

public sealed record JwtAuthenticator
{
    [Required, Description("Who issues the tokens.")]
    public JwtIssuer Issuer { get; set; } = new();

    [Description("What claims must say.")]
    public List<ClaimValidationRule>? ClaimValidationRules { get; set; }

    [Required, Description("Which claims make the user.")]
    public ClaimMappings ClaimMappings { get; set; } = new();

    [Description("What the user must be.")]
    public List<UserValidationRule>? UserValidationRules { get; set; }
}

public sealed record JwtIssuer
{
    [Required, Description("The issuer as tokens name it.")]
    public string Url { get; set; } = "";

    [JsonPropertyName("discoveryURL"), Description("Where the issuer's configuration is, when it is not at its URL.")]
    public string? DiscoveryUrl { get; set; }

    [Description("Certificates in PEM that the issuer's certificate is checked with.")]
    public string? CertificateAuthority { get; set; }

    [Required, Description("Audiences that are accepted.")]
    public List<string> Audiences { get; set; } = [];

    [Description("MatchAny; needed with several audiences.")]
    public string? AudienceMatchPolicy { get; set; }

    [Description("By which way out the issuer is reached: controlplane or cluster.")]
    public string? EgressSelectorType { get; set; }
}

public sealed record ClaimValidationRule
{
    [Description("Claim that must have requiredValue.")]
    public string? Claim { get; set; }

    [Description("The value.")]
    public string? RequiredValue { get; set; }

    [Description("CEL expression over claims that must hold.")]
    public string? Expression { get; set; }

    [Description("What is said when it does not.")]
    public string? Message { get; set; }
}

public sealed record ClaimMappings
{
    [Required, Description("The user's name.")]
    public PrefixedClaim Username { get; set; } = new();

    [Description("The user's groups.")]
    public PrefixedClaim? Groups { get; set; }

    [Description("The user's UID.")]
    public ClaimOrExpression? Uid { get; set; }

    [Description("More about the user.")]
    public List<ExtraMapping>? Extra { get; set; }
}

public sealed record PrefixedClaim
{
    [Description("The claim.")]
    public string? Claim { get; set; }

    [Description("Put before the claim's value; needed with claim, may be empty.")]
    public string? Prefix { get; set; }

    [Description("CEL expression over claims.")]
    public string? Expression { get; set; }
}

public sealed record ClaimOrExpression
{
    [Description("The claim.")]
    public string? Claim { get; set; }

    [Description("CEL expression over claims.")]
    public string? Expression { get; set; }
}

public sealed record ExtraMapping
{
    [Required, Description("The key, with a domain as prefix.")]
    public string Key { get; set; } = "";

    [Required, Description("CEL expression over claims.")]
    public string ValueExpression { get; set; } = "";
}

public sealed record UserValidationRule
{
    [Required, Description("CEL expression over the user that must hold.")]
    public string Expression { get; set; } = "";

    [Description("What is said when it does not.")]
    public string? Message { get; set; }
}
