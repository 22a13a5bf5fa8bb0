using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fleet.Cli.Output;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Cli.Commands.Services;

/// <summary>What the REST API answers about services. Unknown fields are ignored: the fleet may be newer.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page<ClusterServiceView>))]
[JsonSerializable(typeof(ServiceDetailView))]
[JsonSerializable(typeof(ServiceHistoryView))]
[JsonSerializable(typeof(ServiceDriftView))]
[JsonSerializable(typeof(ServiceValuesView))]
[JsonSerializable(typeof(ServiceManifestView))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(RestartView))]
[JsonSerializable(typeof(Page<ClusterServicesPlanView>))]
[JsonSerializable(typeof(IReadOnlyList<ClusterServicesPlanView>))]
[JsonSerializable(typeof(ServiceDiffRequest))]
[JsonSerializable(typeof(ServiceDiffView))]
[JsonSerializable(typeof(Page<ComplianceView>))]
[JsonSerializable(typeof(Page<ClusterComplianceView>))]
[JsonSerializable(typeof(Page<FindingView>))]
[JsonSerializable(typeof(ComplianceTrendView))]
internal sealed partial class ServiceJson : JsonSerializerContext
{
    private static ServiceJson Indented => new(new JsonSerializerOptions(Default.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>As json or yaml.</summary>
    public static void Write<T>(TextWriter output, T answer, OutputFormat format, Func<ServiceJson, JsonTypeInfo<T>> type)
    {
        if (format == OutputFormat.Yaml)
            output.Write(KubernetesYaml.Write(JsonSerializer.SerializeToNode(answer, type(Default))!));
        else
            output.WriteLine(JsonSerializer.Serialize(answer, type(Indented)));
    }
}
