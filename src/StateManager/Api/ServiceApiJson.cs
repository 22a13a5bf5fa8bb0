using System.Text.Json.Serialization;
using Fleet.Contracts.Api;

namespace Fleet.StateManager.Api;

/// <summary>Source-generated JSON of the REST API. Bodies may name only fields that exist, each once.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Page<ClusterServiceView>))]
[JsonSerializable(typeof(Page<ServiceSetView>))]
[JsonSerializable(typeof(ServiceDetailView))]
[JsonSerializable(typeof(ServiceHistoryView))]
[JsonSerializable(typeof(ServiceDriftView))]
[JsonSerializable(typeof(ServiceValuesView))]
[JsonSerializable(typeof(ServiceManifestView))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(RestartView))]
[JsonSerializable(typeof(Page<ClusterServicesPlanView>))]
[JsonSerializable(typeof(ServiceDiffRequest))]
[JsonSerializable(typeof(ServiceDiffView))]
[JsonSerializable(typeof(Page<ComplianceView>))]
[JsonSerializable(typeof(Page<ClusterComplianceView>))]
[JsonSerializable(typeof(Page<FindingView>))]
[JsonSerializable(typeof(ComplianceTrendView))]
internal sealed partial class ServiceApiJson : JsonSerializerContext;
