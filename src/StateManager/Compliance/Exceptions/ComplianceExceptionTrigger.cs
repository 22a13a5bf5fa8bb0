using Fleet.Control.Queueing;
using Fleet.Control.Watching;

namespace Fleet.StateManager.Compliance.Exceptions;

/// <summary>Figures that were written ask for the exceptions of the cluster's namespace: what they cover may be another number now.</summary>
internal sealed class ComplianceExceptionTrigger(ComplianceExceptions exceptions) : ITrigger
{
    /// <summary>Several clusters of a namespace are written after one another.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);

    private IWorkQueue? queue;

    public Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        this.queue = queue;
        return Task.CompletedTask;
    }

    public void Written(string @namespace)
    {
        foreach (var exception in exceptions.Of(@namespace))
            queue?.Add(exception.Key, delay: Gather);
    }
}
