using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Oidc;

/// <summary>An OpenID provider and what its tokens mean. Names and defaults are those of kube-apiserver's <c>--oidc-*</c> flags, so that both know the same user.</summary>
public sealed record OidcSettings
{
    private static readonly string[] Known =
    [
        "name", "issuerUrl", "clientId", "clientSecretFile", "caFile", "usernameClaim", "usernamePrefix", "groupsClaim", "groupsPrefix", "requiredClaims", "signingAlgs", "scopes", "externalUrl",
    ];

    /// <summary>Signatures by a key that is not secret. A shared secret (HS256) or none at all is never enough.</summary>
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>What people call it, on the button of the console.</summary>
    public string Name { get; init; } = "single sign-on";

    public required Uri Issuer { get; init; }

    /// <summary>The issuer as tokens must say it, to the letter.</summary>
    public required string IssuerText { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Of a client that can keep one: only the server uses it. Never shown.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>PEM of who vouches for the provider; null: the system's.</summary>
    public string? AuthorityPem { get; init; }

    public string UsernameClaim { get; init; } = "sub";

    public string UsernamePrefix { get; init; } = "";

    public string? GroupsClaim { get; init; }

    public string GroupsPrefix { get; init; } = "";

    public IReadOnlyDictionary<string, string> RequiredClaims { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> SigningAlgs { get; init; } = ["RS256"];

    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];

    /// <summary>Where people reach the console; null: where the REST API listens.</summary>
    public Uri? ExternalUrl { get; init; }

    /// <summary>From a file in JSON; files that it names are beside it or by their whole path.</summary>
    /// <exception cref="FormatException">All that is wrong, by its name.</exception>
    public static OidcSettings Read(string file)
    {
        JsonObject? given;
        try
        {
            given = JsonNode.Parse(File.ReadAllBytes(file), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject;
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file} is no JSON: {e.Message}");
        }

        return Of(given ?? throw new FormatException($"{file} must hold an object"), name => File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, name)));
    }

    /// <param name="read">A file by its name.</param>
    /// <exception cref="FormatException">All that is wrong, by its name.</exception>
    public static OidcSettings Of(JsonObject given, Func<string, string> read)
    {
        var problems = new List<string>();
        problems.AddRange(given.Select(pair => pair.Key).Except(Known).Select(name => $"{name} is not known; there are {string.Join(", ", Known)}"));
        string? Text(string name) => given[name] switch
        {
            null => null,
            JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 => text,
            _ => Problem<string>(name, "must be a text"),
        };
        IReadOnlyList<string>? Texts(string name) => given[name] switch
        {
            null => null,
            JsonArray list when list.Count > 0 && list.All(item => item is JsonValue value && value.TryGetValue<string>(out _)) => [.. list.Select(item => (string)item!)],
            _ => Problem<IReadOnlyList<string>>(name, "must be a list of texts"),
        };
        T? Problem<T>(string name, string what)
        {
            problems.Add($"{name} {what}");
            return default;
        }
        string? Content(string name)
        {
            if (Text(name) is not { } path)
                return null;
            try
            {
                return read(path).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Problem<string>(name, $"can not be read: {e.Message}");
            }
        }

        Uri? Address(string name, bool required) => Text(name) switch
        {
            null => required ? Problem<Uri>(name, "is needed, for example \"https://login.example.com\"") : null,
            var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSafe(address) && address.Query.Length == 0 && address.Fragment.Length == 0 => address,
            _ => Problem<Uri>(name, "must be an https address without query (http only on this machine)"),
        };

        var issuer = Address("issuerUrl", required: true);
        var algorithms = Texts("signingAlgs") ?? ["RS256"];
        foreach (var algorithm in algorithms.Except(Algorithms))
            problems.Add($"signingAlgs: {algorithm} is none of {string.Join(", ", Algorithms)}");
        var claims = new Dictionary<string, string>(StringComparer.Ordinal);
        if (given["requiredClaims"] is JsonObject required)
            foreach (var (name, value) in required)
                claims[name] = value is JsonValue text && text.TryGetValue<string>(out var wanted) ? wanted : Problem<string>($"requiredClaims.{name}", "must be a text") ?? "";
        else if (given["requiredClaims"] is not null)
            problems.Add("requiredClaims must be an object of texts");
        var claim = Text("usernameClaim") ?? "sub";
        var prefix = Text("usernamePrefix") switch
        {
            "-" => "",
            null => claim == "email" ? "" : $"{Text("issuerUrl")}#",
            var text => text,
        };
        var settings = new
        {
            Client = Text("clientId") ?? Problem<string>("clientId", "is needed: the provider's tokens are for this client"),
            Secret = Content("clientSecretFile"),
            Authority = Content("caFile"),
            External = Address("externalUrl", required: false),
            Scopes = Texts("scopes"),
            Groups = Text("groupsClaim"),
        };
        if (settings.Scopes is { } scopes && !scopes.Contains("openid"))
            problems.Add("scopes must hold openid");
        if (problems.Count > 0)
            throw new FormatException("OpenID Connect: " + string.Join("; ", problems));
        return new()
        {
            Name = Text("name") ?? "single sign-on",
            Issuer = issuer!,
            IssuerText = Text("issuerUrl")!,
            ClientId = settings.Client!,
            ClientSecret = settings.Secret,
            AuthorityPem = settings.Authority,
            UsernameClaim = claim,
            UsernamePrefix = prefix,
            GroupsClaim = settings.Groups,
            GroupsPrefix = Text("groupsPrefix") is { } groups and not "-" ? groups : "",
            RequiredClaims = claims,
            SigningAlgs = algorithms,
            Scopes = settings.Scopes ?? ["openid", "profile", "email"],
            ExternalUrl = settings.External,
        };
    }

    /// <summary>Secrets and tokens go to such addresses only.</summary>
    public static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    public override string ToString() => $"{Issuer} for {ClientId}";
}
