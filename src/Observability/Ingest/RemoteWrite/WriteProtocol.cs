using Microsoft.Net.Http.Headers;

namespace Fleet.Observability.Ingest.RemoteWrite;

/// <summary>Which of the two messages a request says that it holds.</summary>
public enum WriteProtocol
{
    /// <summary>prometheus.WriteRequest</summary>
    V1,

    /// <summary>io.prometheus.write.v2.Request</summary>
    V2,
}

/// <summary>Content negotiation of remote write.</summary>
public static class WriteContent
{
    /// <summary>Null and the reason when nothing here can read it (415). Senders of 1.0 that leave a header away are understood.</summary>
    public static WriteProtocol? ProtocolOf(string? contentType, string? contentEncoding, out string? reason)
    {
        reason = null;
        if (!string.IsNullOrEmpty(contentEncoding) && !contentEncoding.Equals("snappy", StringComparison.OrdinalIgnoreCase))
        {
            reason = "Content-Encoding must be snappy (block format)";
            return null;
        }
        if (string.IsNullOrEmpty(contentType))
            return WriteProtocol.V1;
        if (MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("application/x-protobuf", StringComparison.OrdinalIgnoreCase))
        {
            var message = type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("proto", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
            switch (message)
            {
                case null or "prometheus.WriteRequest":
                    return WriteProtocol.V1;
                case "io.prometheus.write.v2.Request":
                    return WriteProtocol.V2;
            }
        }
        reason = "Content-Type must be application/x-protobuf, with proto=prometheus.WriteRequest (also when nothing is said) or proto=io.prometheus.write.v2.Request";
        return null;
    }
}
