namespace Fleet.Kubernetes.Applying;

/// <summary>What an apply did, in kubectl's words.</summary>
public enum ApplyOutcome { Unchanged, Configured, Created }

/// <summary>The object as the server has it after the apply.</summary>
public sealed record ApplyResult<T>(ApplyOutcome Outcome, T Object);
