using System.Diagnostics;
using Fleet.Control.Queueing;

namespace Fleet.Control.Reconciling;

/// <summary>A span for each reconcile. It names the object, never what is in it; an error has its type and reason, the text is in the log under the same id.</summary>
internal static class ReconcileSpans
{
    private static readonly ActivitySource Source = new("Fleet.Control");

    /// <summary>Null when nobody listens.</summary>
    public static Activity? Begin(string controller, WorkItem item, string id)
    {
        // A root of its own: what asked for the key may be long over.
        if (Source.StartActivity($"reconcile {controller}", ActivityKind.Internal, parentContext: default) is not { } span)
            return null;
        span.SetTag("fleet.controller", controller);
        span.SetTag("fleet.object.namespace", item.Key.Namespace);
        span.SetTag("fleet.object.name", item.Key.Name);
        span.SetTag("fleet.reconcile.id", id);
        return span;
    }

    public static void End(Activity? span, string outcome, Outcome? of)
    {
        if (span is null)
            return;
        span.SetTag("fleet.outcome", outcome);
        if (of?.Reason is { Length: > 0 } reason)
            span.SetTag("fleet.reason", reason);
        if (of?.Exception is not { } failure)
            return;
        span.SetTag("error.type", failure.GetType().FullName);
        span.SetStatus(ActivityStatusCode.Error);
    }
}
