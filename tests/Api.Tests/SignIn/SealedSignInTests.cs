using System.Text;
using Fleet.Rest.SignIn;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Api.Tests.SignIn;

public sealed class SealedSignInTests
{
    private static readonly SessionView Session = new() { Token = "canary.token.text", User = "oidc:canary@example.test", Expires = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero) };

    [Fact]
    public void What_was_sealed_is_opened_by_its_key_for_its_step_alone()
    {
        var begun = new BegunSignIn("browser", "nonce", new("verifier"), "/clusters?ready=true");
        var first = SealedSignIn.Seal(SignInSteps.Begun, "key", begun);
        Assert.Equal(begun, SealedSignIn.Open(SignInSteps.Begun, "key", first.Content));
        Assert.Null(SealedSignIn.Open(SignInSteps.Begun, "Key", first.Content));
        Assert.Null(SealedSignIn.Open(SignInSteps.Done, "key", first.Content));
        Assert.NotEqual(SealedSignIn.IdOf(SignInSteps.Begun, "key"), SealedSignIn.IdOf(SignInSteps.Done, "key"));
        Assert.Equal(32, first.Id.Length);
        Assert.Equal(first.Id, SealedSignIn.IdOf(SignInSteps.Begun, "key"));
        // The same again looks like something else.
        Assert.NotEqual(first.Content, SealedSignIn.Seal(SignInSteps.Begun, "key", begun).Content);
    }

    [Fact]
    public void Whatever_is_changed_of_it_or_cut_off_makes_it_nothing()
    {
        var content = SealedSignIn.Seal(SignInSteps.Done, "key", Session).Content;
        Assert.Equal(Session, SealedSignIn.Open(SignInSteps.Done, "key", content));
        for (var at = 0; at < content.Length; at++)
        {
            var changed = (byte[])content.Clone();
            changed[at] ^= 1;
            Assert.Null(SealedSignIn.Open(SignInSteps.Done, "key", changed));
            Assert.Null(SealedSignIn.Open(SignInSteps.Done, "key", content[..at]));
        }
    }

    [Fact]
    public void Nothing_of_it_can_be_read()
    {
        var sealedOne = SealedSignIn.Seal(SignInSteps.Done, "key", Session);
        Assert.DoesNotContain("canary", Encoding.Latin1.GetString([.. sealedOne.Id, .. sealedOne.Content]), StringComparison.Ordinal);
        Assert.Contains("canary", Encoding.Latin1.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Session, SignInSteps.Done.Json)), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_replicas_need_a_database_to_sign_people_in()
    {
        using var folder = new Fleet.Testing.TemporaryFolder("oidc");
        var file = folder.Write("oidc.json", """{"issuerUrl": "https://login.example.test", "clientId": "fleet", "externalUrl": "https://fleet.example.test/"}""");
        IServiceCollection Add(params (string Name, string Value)[] settings) =>
            new ServiceCollection().AddSignIn(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Name, (string?)one.Value))).Build());
        var refused = Assert.Throws<FormatException>(() => Add(("oidc", file), ("replica", "fleet-0")));
        Assert.Contains("--postgres FILE", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Add(("oidc", file), ("replica", "fleet-0"), ("postgres", "connection")));
        Assert.NotEmpty(Add(("oidc", file)));
        Assert.Empty(Add(("replica", "fleet-0")));
    }
}
