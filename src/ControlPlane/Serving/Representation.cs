using Microsoft.Extensions.Primitives;

namespace Fleet.ControlPlane.Serving;

/// <summary>In which form objects are sent.</summary>
internal enum Representation { Object, Table, PartialMetadata }

/// <summary>Reads <c>Accept</c>. What is not understood (protobuf) falls back to JSON, which every client also takes.</summary>
internal static class AcceptHeader
{
    public static Representation Read(StringValues accept)
    {
        foreach (var header in accept)
        {
            foreach (var part in (header ?? "").Split(','))
            {
                var fields = part.Split(';', StringSplitOptions.TrimEntries);
                if (fields[0] is not ("application/json" or "*/*" or "application/*")) continue;
                if (fields.Contains("g=meta.k8s.io") && fields.Contains("v=v1"))
                {
                    if (fields.Contains("as=Table")) return Representation.Table;
                    if (fields.Contains("as=PartialObjectMetadata") || fields.Contains("as=PartialObjectMetadataList")) return Representation.PartialMetadata;
                }
                if (!fields.Any(f => f.StartsWith("as=", StringComparison.Ordinal))) return Representation.Object;
            }
        }
        return Representation.Object;
    }

    /// <summary>The version of aggregated discovery that is asked for before plain JSON, or null.</summary>
    public static string? AggregatedDiscovery(StringValues accept)
    {
        foreach (var header in accept)
        {
            foreach (var part in (header ?? "").Split(','))
            {
                var fields = part.Split(';', StringSplitOptions.TrimEntries);
                if (fields[0] is not "application/json") continue;
                if (!fields.Contains("as=APIGroupDiscoveryList")) return null;
                if (fields.Contains("v=v2")) return "v2";
                if (fields.Contains("v=v2beta1")) return "v2beta1";
            }
        }
        return null;
    }
}
