using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fleet.Oidc.SignIn;

namespace Fleet.Rest.SignIn;

/// <summary>What waits between two calls of a sign-in. What one step has put away no other can take.</summary>
/// <param name="Name">Part of what its keys are derived from: never changed while sign-ins are under way.</param>
/// <param name="Lasts">Afterwards it cannot be taken.</param>
public sealed record SignInStep<T>(string Name, TimeSpan Lasts, JsonTypeInfo<T> Json) where T : class;

public static class SignInSteps
{
    /// <summary>Until the provider leads the browser back: to find one's password and the second factor.</summary>
    public static SignInStep<BegunSignIn> Begun { get; } = new("begun", TimeSpan.FromMinutes(10), SignInJson.Default.BegunSignIn);

    /// <summary>Until the page that the browser was sent to has fetched its token.</summary>
    public static SignInStep<SessionView> Done { get; } = new("done", TimeSpan.FromMinutes(1), SignInJson.Default.SessionView);
}

/// <param name="Browser">What the browser that began it has in a cookie: nobody else's browser can end it.</param>
/// <param name="Return">Path within the console.</param>
public sealed record BegunSignIn(string Browser, string Nonce, Pkce Pkce, string Return);

[JsonSerializable(typeof(BegunSignIn))]
[JsonSerializable(typeof(SessionView))]
internal sealed partial class SignInJson : JsonSerializerContext;
