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
[JsonSerializable(typeof(DeletedView))]
[JsonSerializable(typeof(WatchNoteView))]
[JsonSerializable(typeof(AboutView))]
[JsonSerializable(typeof(AuthConfigView))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(WhoamiView))]
internal sealed partial class RestJson : JsonSerializerContext;
