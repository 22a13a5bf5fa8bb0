using Fleet.Observability.Ingest.Queue;

namespace Fleet.Observability.Agent;

/// <summary>What waits for Fleet, each in a folder of its own.</summary>
internal sealed record AgentQueues(IngestQueue Looks, IngestQueue Samples, IngestQueue Events);
