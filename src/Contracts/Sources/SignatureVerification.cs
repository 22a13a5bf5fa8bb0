using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fleet.Contracts.References;

namespace Fleet.Contracts.Sources;

/// <summary>How the signature of an artifact in a registry is checked.</summary>
public sealed record SignatureVerification
{
    [Required, DefaultValue("cosign"), AllowedValues("cosign", "notation"), Description("What made the signature.")]
    public string Provider { get; set; } = "";

    [Description("Secret with the public keys that are trusted; absent means keyless.")]
    public LocalReference? SecretRef { get; set; }

    [JsonPropertyName("matchOIDCIdentity"), Description("Who may have signed without a key; one of them is enough.")]
    public List<OidcIdentityMatch>? MatchOidcIdentity { get; set; }

    [Description("Secret with a trusted root of its own, for OCIRepositories.")]
    public LocalReference? TrustedRootSecretRef { get; set; }
}

public sealed record OidcIdentityMatch
{
    [Required, Description("Regular expression of the issuer.")]
    public string Issuer { get; set; } = "";

    [Required, Description("Regular expression of the subject.")]
    public string Subject { get; set; } = "";
}
