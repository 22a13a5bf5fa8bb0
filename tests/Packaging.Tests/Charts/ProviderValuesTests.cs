using System.Text.Json.Nodes;
using Fleet.Oidc;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>The OpenID provider of the chart's values, as the services read it.</summary>
public sealed class ProviderValuesTests
{
    private const string Mounted = "/etc/fleet/oidc/";

    private static readonly string[] Services = ["fleet-cluster-manager", "fleet-observability", "fleet-state-manager"];

    [Theory, InlineData("3.18.0"), InlineData("4.1.4")]
    public void Every_service_gets_what_it_takes_and_only_where_people_sign_in_is_the_secret(string helm)
    {
        var chart = RenderedChart.Of(
            helm, "oidc.issuerUrl=https://login.example.com/realms/main", "oidc.clientId=fleet", "oidc.clientSecret=client", "oidc.caConfigMap=authority", "oidc.name=Example login", "oidc.usernameClaim=email",
            "oidc.usernamePrefix=oidc:", "oidc.groupsClaim=groups", "oidc.groupsPrefix=oidc:", "oidc.requiredClaims.hd=example.com", "oidc.signingAlgs={ES256,RS256}", "oidc.scopes={openid,groups}",
            "oidc.externalUrl=https://fleet.example.com/");
        foreach (var service in Services)
        {
            var settings = Read(chart, service);
            Assert.Equal(("https://login.example.com/realms/main", "fleet", "Example login", "of the authority"), (settings.IssuerText, settings.ClientId, settings.Name, settings.AuthorityPem));
            Assert.Equal(("email", "oidc:", "groups", "oidc:"), (settings.UsernameClaim, settings.UsernamePrefix, settings.GroupsClaim, settings.GroupsPrefix));
            Assert.Equal("hd=example.com", string.Join(',', settings.RequiredClaims.Select(claim => $"{claim.Key}={claim.Value}")));
            Assert.Equal(["ES256", "RS256"], settings.SigningAlgs);
            Assert.Equal(["openid", "groups"], settings.Scopes);
            Assert.Equal(new Uri("https://fleet.example.com/"), settings.ExternalUrl);
            Assert.Equal(service == "fleet-cluster-manager" ? "of the client" : null, settings.ClientSecret);
        }
    }

    [Theory]
    [InlineData("ingress.enabled=true,ingress.host=fleet.example.com", "https://fleet.example.com/")]
    [InlineData("observability.externalAddress=https://watch.example.com", "https://watch.example.com/")]
    public void People_come_back_to_where_the_console_is_and_the_defaults_are_those_of_the_program(string values, string external)
    {
        var settings = Read(RenderedChart.Of("3.18.0", "oidc.issuerUrl=https://login.example.com", "oidc.clientId=fleet", values), "fleet-cluster-manager");
        var defaults = OidcSettings.Of(new() { ["issuerUrl"] = "https://login.example.com", ["clientId"] = "fleet" }, _ => "");
        Assert.Equal(new Uri(external), settings.ExternalUrl);
        Assert.Equal((defaults.Name, defaults.UsernameClaim, defaults.UsernamePrefix, defaults.GroupsClaim, defaults.ClientSecret, defaults.AuthorityPem),
            (settings.Name, settings.UsernameClaim, settings.UsernamePrefix, settings.GroupsClaim, settings.ClientSecret, settings.AuthorityPem));
        Assert.Equal(defaults.Scopes, settings.Scopes);
        Assert.Equal(defaults.SigningAlgs, settings.SigningAlgs);
    }

    [Fact]
    public void Other_settings_are_other_pods_and_without_a_provider_there_is_nothing_of_it()
    {
        string[] known = ["oidc.issuerUrl=https://login.example.com", "oidc.clientId=fleet", "oidc.externalUrl=https://f.example.com"];
        Assert.NotEqual(Checksum(RenderedChart.Of("3.18.0", known)), Checksum(RenderedChart.Of("3.18.0", [.. known, "oidc.groupsClaim=groups"])));
        Assert.DoesNotContain("oidc", RenderedChart.Render("3.18.0").Out, StringComparison.Ordinal);

        static string Checksum(RenderedChart chart) =>
            Assert.Single(chart.Of("Deployment").Select(item => (string?)item["spec"]!["template"]!["metadata"]!["annotations"]?["checksum/oidc"]).OfType<string>().Distinct());
    }

    /// <summary>As the service does: the file of its argument, with what is mounted beside it.</summary>
    private static OidcSettings Read(RenderedChart chart, string service)
    {
        var pod = chart.Pods().Single(candidate => candidate.Name == service).Spec;
        var container = pod["containers"]![0]!;
        var file = Assert.Single(container["args"]!.AsArray().Select(argument => (string)argument!), argument => argument.StartsWith("--oidc=", StringComparison.Ordinal))["--oidc=".Length..];
        Assert.Equal(Mounted.TrimEnd('/'), (string?)Assert.Single(container["volumeMounts"]!.AsArray(), mount => (string)mount!["name"]! == "oidc")!["mountPath"]);
        var files = Assert.Single(pod["volumes"]!.AsArray(), volume => (string)volume!["name"]! == "oidc")!["projected"]!["sources"]!.AsArray()
            .SelectMany(source => (source!["configMap"] ?? source["secret"])!["items"]!.AsArray().Select(item => (Path: Mounted + (string)item!["path"]!, Text: Content(chart, source, (string)item["key"]!))))
            .ToDictionary(one => one.Path, one => one.Text);
        return OidcSettings.Of(JsonNode.Parse(files[file])!.AsObject(), name => files.GetValueOrDefault(Mounted + name) ?? throw new FileNotFoundException($"{service} is not given {name}"));
    }

    private static string Content(RenderedChart chart, JsonNode source, string key) => ((string?)source["configMap"]?["name"], (string?)source["secret"]?["name"], key) switch
    {
        ("fleet-oidc", null, _) => (string)chart.Of("ConfigMap").Single(item => RenderedChart.Name(item) == "fleet-oidc")["data"]![key]!,
        ("authority", null, "ca.crt") => "of the authority",
        (null, "client", "client-secret") => "of the client",
        var unknown => throw new InvalidOperationException($"{unknown} is not what the user was asked for"),
    };
}
