using System.Text.Json.Serialization;
using Fleet.Contracts.Api;
using Fleet.Rest.SignIn;

namespace Fleet.Rest;

/// <summary>Source-generated JSON of what every REST API of Fleet answers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<AuditView>))]
[JsonSerializable(typeof(Problem))]
<<<<<<< HEAD
[JsonSerializable(typeof(DeletedView))]
[JsonSerializable(typeof(WatchNoteView))]
[JsonSerializable(typeof(AboutView))]
=======
[JsonSerializable(typeof(AuthConfigView))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(WhoamiView))]
>>>>>>> 6a4cf3c (Sign-in by an OpenID provider: console, command line, and kubectl on the embedded management API; tested with a real provider, its forged tokens, rotated keys and replayed codes)
internal sealed partial class RestJson : JsonSerializerContext;
