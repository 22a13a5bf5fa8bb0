using System.Text.Json.Serialization;
using Fleet.Contracts.Api;

namespace Fleet.ClusterManager.Api;

/// <summary>Source-generated JSON of the REST API. Bodies may name only fields that exist, each once.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Page<ClusterView>))]
[JsonSerializable(typeof(Page<TemplateView>))]
[JsonSerializable(typeof(Page<CredentialView>))]
[JsonSerializable(typeof(Page<NodeView>))]
[JsonSerializable(typeof(Page<MachineView>))]
[JsonSerializable(typeof(Page<EventView>))]
[JsonSerializable(typeof(UpgradesView))]
[JsonSerializable(typeof(UpgradeRequest))]
[JsonSerializable(typeof(KubeconfigRequest))]
[JsonSerializable(typeof(KubeconfigView))]
[JsonSerializable(typeof(BackupsView))]
internal sealed partial class ApiJson : JsonSerializerContext;
