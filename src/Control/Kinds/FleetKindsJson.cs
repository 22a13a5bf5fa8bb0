using System.Text.Json.Serialization;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Credentials;
using Fleet.Contracts.Services;
using Fleet.Contracts.Sources;
using Fleet.Contracts.Templates;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Kinds;

/// <summary>Source-generated JSON of whole objects.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CustomResource<ClusterDeploymentSpec, ClusterDeploymentStatus>), TypeInfoPropertyName = "ClusterDeployment")]
[JsonSerializable(typeof(CustomResource<ClusterTemplateSpec, ClusterTemplateStatus>), TypeInfoPropertyName = "ClusterTemplate")]
[JsonSerializable(typeof(CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>), TypeInfoPropertyName = "ServiceTemplate")]
[JsonSerializable(typeof(CustomResource<CredentialSpec, CredentialStatus>), TypeInfoPropertyName = "Credential")]
[JsonSerializable(typeof(CustomResource<ServiceSetSpec, ServiceSetStatus>), TypeInfoPropertyName = "ServiceSet")]
[JsonSerializable(typeof(CustomResource<HelmRepositorySpec, HelmRepositoryStatus>), TypeInfoPropertyName = "HelmRepository")]
public sealed partial class FleetKindsJson : JsonSerializerContext;
