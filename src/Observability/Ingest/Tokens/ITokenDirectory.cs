using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Tokens;

/// <summary>Which cluster a token stands for.</summary>
public interface ITokenDirectory
{
    /// <summary>False until the tokens have been read: an unknown token means nothing before.</summary>
    bool IsReady { get; }

    /// <summary>Null for a token that is not valid (any more).</summary>
    ClusterIdentity? Find(TelemetryToken token);
}
