using System.Text.RegularExpressions;
using Fleet.Contracts;
using Fleet.Contracts.Authentication;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What a kube-apiserver demands of an AuthenticationConfiguration: with a wrong one it does not start. CEL expressions are left to it.</summary>
internal sealed partial class AuthenticationRule() : TypedRule<ClusterAuthenticationSpec>(ContractsJson.Default.ClusterAuthenticationSpec)
{
    /// <summary>Kubernetes' own limit.</summary>
    private const int MostIssuers = 64;

    protected override IEnumerable<FieldProblem> Check(ClusterAuthenticationSpec spec)
    {
        if (spec.CaSecret is { Name: null or "" })
            yield return new("spec.caSecret.name", "must name a Secret");
        if (spec.AuthenticationConfiguration is not { } configuration)
            yield break;
        const string Path = "spec.authenticationConfiguration";
        if (configuration.Jwt.Count > MostIssuers)
            yield return new($"{Path}.jwt", $"must hold no more than {MostIssuers} issuers");
        if (configuration.Anonymous is { Enabled: false, Conditions.Count: > 0 })
            yield return new($"{Path}.anonymous.conditions", "must hold nothing when enabled is false");
        var issuers = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < configuration.Jwt.Count; index++)
        {
            var path = $"{Path}.jwt[{index}]";
            if (!issuers.Add(configuration.Jwt[index].Issuer.Url))
                yield return new($"{path}.issuer.url", $"{configuration.Jwt[index].Issuer.Url} is in the list already");
            foreach (var problem in OfIssuer(configuration.Jwt[index].Issuer, $"{path}.issuer")
                .Concat(OfMappings(configuration.Jwt[index].ClaimMappings, $"{path}.claimMappings")).Concat(OfRules(configuration.Jwt[index], path)))
                yield return problem;
        }
    }

    private static IEnumerable<FieldProblem> OfIssuer(JwtIssuer issuer, string path)
    {
        if (UrlProblem(issuer.Url) is { } problem)
            yield return new($"{path}.url", problem);
        if (issuer.DiscoveryUrl is { Length: > 0 } discovery)
        {
            if (UrlProblem(discovery) is { } other)
                yield return new($"{path}.discoveryURL", other);
            else if (discovery.TrimEnd('/') == issuer.Url.TrimEnd('/'))
                yield return new($"{path}.discoveryURL", "must not be the url");
        }
        if (issuer.Audiences.Count == 0)
            yield return new($"{path}.audiences", "must hold an audience");
        if (issuer.Audiences.Any(string.IsNullOrEmpty))
            yield return new($"{path}.audiences", "must not hold an empty audience");
        if (issuer.Audiences.Count > 1 && issuer.AudienceMatchPolicy != "MatchAny")
            yield return new($"{path}.audienceMatchPolicy", "must be MatchAny when there are several audiences");
        else if (issuer.AudienceMatchPolicy is { Length: > 0 } policy and not "MatchAny")
            yield return new($"{path}.audienceMatchPolicy", $"must be MatchAny, not \"{policy}\"");
        if (issuer.CertificateAuthority is { Length: > 0 } authority && !authority.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            yield return new($"{path}.certificateAuthority", "must be certificates in PEM");
    }

    private static IEnumerable<FieldProblem> OfMappings(ClaimMappings mappings, string path)
    {
        foreach (var problem in OfClaim(mappings.Username, $"{path}.username", isNeeded: true).Concat(OfClaim(mappings.Groups, $"{path}.groups", isNeeded: false)))
            yield return problem;
        if (mappings.Uid is { Claim.Length: > 0, Expression.Length: > 0 })
            yield return new($"{path}.uid", "must have a claim or an expression, not both");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var extra = mappings.Extra ?? [];
        for (var index = 0; index < extra.Count; index++)
        {
            if (!ExtraKey().IsMatch(extra[index].Key))
                yield return new($"{path}.extra[{index}].key", $"\"{extra[index].Key}\" must be a domain, / and a path, in lower case");
            else if (!keys.Add(extra[index].Key))
                yield return new($"{path}.extra[{index}].key", $"{extra[index].Key} is in the list already");
            if (extra[index].ValueExpression.Length == 0)
                yield return new($"{path}.extra[{index}].valueExpression", "must hold an expression");
        }
    }

    private static IEnumerable<FieldProblem> OfClaim(PrefixedClaim? mapping, string path, bool isNeeded)
    {
        if (mapping is null)
            yield break;
        var (hasClaim, hasExpression) = (!string.IsNullOrEmpty(mapping.Claim), !string.IsNullOrEmpty(mapping.Expression));
        if (hasClaim && hasExpression)
            yield return new(path, "must have a claim or an expression, not both");
        if (isNeeded && !hasClaim && !hasExpression)
            yield return new(path, "must have a claim or an expression");
        if (hasClaim && mapping.Prefix is null)
            yield return new($"{path}.prefix", "is needed beside claim; it may be empty");
        if (hasExpression && mapping.Prefix is not null)
            yield return new($"{path}.prefix", "has no meaning beside expression");
    }

    private static IEnumerable<FieldProblem> OfRules(JwtAuthenticator authenticator, string path)
    {
        var rules = authenticator.ClaimValidationRules ?? [];
        for (var index = 0; index < rules.Count; index++)
            if (string.IsNullOrEmpty(rules[index].Claim) == string.IsNullOrEmpty(rules[index].Expression))
                yield return new($"{path}.claimValidationRules[{index}]", "must have either a claim or an expression");
        var users = authenticator.UserValidationRules ?? [];
        for (var index = 0; index < users.Count; index++)
            if (users[index].Expression.Length == 0)
                yield return new($"{path}.userValidationRules[{index}].expression", "must hold an expression");
    }

    private static string? UrlProblem(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps ? $"\"{text}\" is no https:// address"
        : url.UserInfo.Length > 0 ? "must not hold a user name or password"
        : url.Query.Length > 0 || url.Fragment.Length > 0 ? "must not have a query or a fragment"
        : null;

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[^A-Z]+$")]
    private static partial Regex ExtraKey();
}
