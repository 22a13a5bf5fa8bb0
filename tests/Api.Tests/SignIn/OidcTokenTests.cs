using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Fleet.Testing.Time;

namespace Fleet.Api.Tests.SignIn;

/// <summary>Tokens of a real OpenID provider, good ones and forged ones, in each of the ways in which a fleet can know the provider.</summary>
public sealed class OidcTokenTests
{
    public static TheoryData<string> Ways => ["embedded", "kube-apiserver", "api only"];

    [Theory, MemberData(nameof(Ways))]
    public async Task Only_tokens_of_which_all_is_right_are_somebody(string way)
    {
        await using var host = await OidcHost.StartAsync(way);
        var provider = host.Provider;
        await host.GrantAsync("oidc:platform", Rules.ReadClusters);
        var good = provider.Sign(provider.Claims("alice", "platform"));
        var (status, who) = await host.WhoAsync(good);
        Assert.True(status == 200, who?.ToJsonString());
        Assert.Equal("oidc:alice@example.test", (string?)who!["user"]);
        Assert.Contains("oidc:platform", who["groups"]!.AsArray().Select(group => (string?)group));
        Assert.Contains("system:authenticated", who["groups"]!.AsArray().Select(group => (string?)group));
        // What they may do is what RBAC gives their groups, in their namespace.
        Assert.Equal(HttpStatusCode.OK, (await host.Host.Caller(good).AskAsync($"/clusters?namespace={host.Host.Namespace}")).StatusCode);
        await (await host.Host.Caller(good).AskAsync("/clusters?namespace=default")).ProblemAsync(403, "forbidden");
        await (await host.Host.Caller(provider.Sign(provider.Claims("bob", "team-b"))).AskAsync($"/clusters?namespace={host.Host.Namespace}")).ProblemAsync(403, "forbidden");

        using var stranger = RSA.Create(2048);
        var publicKey = Encoding.ASCII.GetBytes(provider.Key.ExportSubjectPublicKeyInfoPem());
        JsonObject Changed(string claim, JsonNode? value) => Change(provider.Claims("alice", "platform"), claims => claims[claim] = value);
        JsonObject Header(string alg, string? kid) => Change(new JsonObject { ["alg"] = alg, ["typ"] = "JWT" }, header =>
        {
            if (kid is not null)
                header["kid"] = kid;
        });
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var parts = good.Split('.');
        Dictionary<string, string> bad = new()
        {
            ["expired"] = provider.Sign(Changed("exp", now - 5)),
            ["of another issuer"] = provider.Sign(Changed("iss", "https://127.0.0.1:1")),
            ["of an issuer that looks like it"] = provider.Sign(Changed("iss", provider.Issuer + "/")),
            ["for another client"] = provider.Sign(Changed("aud", "other")),
            ["for nobody"] = provider.Sign(Change(provider.Claims("alice"), claims => claims.Remove("aud"))),
            ["without an end"] = provider.Sign(Change(provider.Claims("alice"), claims => claims.Remove("exp"))),
            ["without a signature"] = provider.Sign(provider.Claims("alice"), Header("none", null), _ => []),
            ["without a signature, in other letters"] = provider.Sign(provider.Claims("alice"), Header("nOnE", provider.KeyId), _ => []),
            ["signed with the public key as a secret"] = provider.Sign(provider.Claims("alice"), Header("HS256", provider.KeyId), data => HMACSHA256.HashData(publicKey, data)),
            ["signed by a stranger"] = provider.Sign(provider.Claims("alice"), null, data => stranger.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            ["signed by a key that nobody knows"] = provider.Sign(provider.Claims("alice"), Header("RS256", "unknown"), data => stranger.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            ["with another algorithm of the same key"] = provider.Sign(provider.Claims("alice"), Header("RS512", provider.KeyId), data => provider.Key.SignData(data, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)),
            ["with claims of another"] = $"{parts[0]}.{provider.Sign(provider.Claims("bob")).Split('.')[1]}.{parts[2]}",
            ["with the signature cut off"] = $"{parts[0]}.{parts[1]}.",
            ["without a name"] = provider.Sign(Change(provider.Claims("alice"), claims => claims.Remove("email"))),
            ["whose name is no text"] = provider.Sign(Changed("email", 7)),
            ["whose address nobody has checked"] = provider.Sign(Changed("email_verified", false)),
            ["encrypted"] = "a.b.c.d.e",
            ["endless"] = provider.Sign(Changed("email", new string('a', 20_000))),
        };
        if (way != "kube-apiserver")
        {
            // kube-apiserver gives five minutes, and takes any name of the provider's.
            bad["not yet valid"] = provider.Sign(Change(provider.Claims("alice"), claims => claims["nbf"] = now + 120));
            bad["made for another client"] = provider.Sign(Changed("azp", "other"));
        }

        foreach (var (what, token) in bad)
        {
            var answer = await host.WhoAsync(token);
            Assert.True(answer.Status == 401, $"{what}: {answer.Status} {answer.Who}");
        }

        // A key that is named in the token itself is not asked for.
        var embedded = Header("RS256", "mine");
        embedded["jku"] = provider.Issuer + "/elsewhere";
        embedded["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = "AQAB", ["e"] = "AQAB" };
        Assert.Equal(401, (await host.WhoAsync(provider.Sign(provider.Claims("alice"), embedded))).Status);
        Assert.Equal(200, (await host.WhoAsync(good)).Status);
        if (way == "api only")
            return;
        // kubectl knows the same person.
        var said = await ProcessOutput.RunAsync(RealParts.Kubectls[0].Path,
            ["--server", host.Host.Server.Server.AbsoluteUri, "--insecure-skip-tls-verify", "--kubeconfig", "/dev/null", "--token", good, "auth", "can-i", "list", "clusterdeployments.k0rdent.mirantis.com", "-n", host.Host.Namespace]);
        Assert.Equal("yes", said.Out.Trim());
    }

    [Fact]
    public async Task Names_of_Kubernetes_own_are_not_the_providers_to_give()
    {
        await using var provider = await OidcProvider.StartAsync();
        var settings = Oidc.OidcSettings.Of(new() { ["issuerUrl"] = provider.Issuer, ["clientId"] = OidcProvider.Client, ["usernamePrefix"] = "-", ["groupsClaim"] = "groups", ["caFile"] = "ca" }, _ => provider.AuthorityPem);
        using var known = new Oidc.OidcProvider(settings, TimeProvider.System);
        var tokens = new Oidc.Tokens.OidcTokens(known, TimeProvider.System);
        Assert.Equal("alice", (await tokens.IdentifyAsync(provider.Sign(provider.Claims("alice", "a", "b")), default))!.User);
        Assert.Null(await tokens.IdentifyAsync(provider.Sign(provider.Claims("system:admin")), default));
        Assert.Null(await tokens.IdentifyAsync(provider.Sign(provider.Claims("mallory", "a", "system:masters")), default));
        Assert.Null(await tokens.IdentifyAsync(provider.Sign(Change(provider.Claims("alice"), claims => claims["groups"] = new JsonArray("a", 7))), default));
        Assert.Null(await tokens.IdentifyAsync(provider.Sign(provider.Claims("alice")), default, nonce: "asked"));
    }

    [Fact]
    public async Task A_new_key_is_known_at_once_and_one_that_was_taken_away_is_not_for_long()
    {
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await OidcHost.StartAsync("api only", clock);
        var provider = host.Provider;
        var tokens = new Oidc.Tokens.OidcTokens(host.Known, TimeProvider.System);
        var old = provider.Sign(provider.Claims("alice"));
        Assert.NotNull(await tokens.IdentifyAsync(old, default));
        await provider.RotateAsync("two");
        var fresh = provider.Sign(provider.Claims("alice"));
        // Not for every token with a key that nobody knows: whoever sends such tokens must not make us ask all the time.
        Assert.Null(await tokens.IdentifyAsync(fresh, default));
        clock.Advance(Oidc.OidcProvider.Between);
        Assert.NotNull(await tokens.IdentifyAsync(fresh, default));
        // Asking for the new one has shown that the old one is gone.
        Assert.Null(await tokens.IdentifyAsync(old, default));

        await provider.RotateAsync("three");
        Assert.NotNull(await tokens.IdentifyAsync(fresh, default));
        clock.Advance(Oidc.OidcProvider.Fresh);
        Assert.Null(await tokens.IdentifyAsync(fresh, default));
        var third = provider.Sign(provider.Claims("alice"));
        Assert.NotNull(await tokens.IdentifyAsync(third, default));
        // A provider that is away for a while locks nobody out, and for long everybody.
        await provider.StopAsync();
        clock.Advance(Oidc.OidcProvider.Fresh);
        Assert.NotNull(await tokens.IdentifyAsync(third, default));
        clock.Advance(Oidc.OidcProvider.Longest);
        await Assert.ThrowsAsync<Oidc.OidcException>(() => tokens.IdentifyAsync(third, default));
        Assert.Equal(401, (await host.WhoAsync(third)).Status);
    }

    private static JsonObject Change(JsonObject item, Action<JsonObject> change)
    {
        change(item);
        return item;
    }
}
