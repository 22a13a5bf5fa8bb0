using Fleet.Control.Alerts;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Routing;

/// <summary>A Silence as it counts. Pure.</summary>
/// <param name="Problem">Why it hushes nothing; null when it can be read.</param>
internal sealed record SilenceRow(ObjectKey Key, bool IsSystem, IReadOnlyList<Matcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Comment, string? CreatedBy, string? Problem)
{
    public static SilenceRow Of(Silence silence, Func<string, bool> isSystem)
    {
        var (key, spec) = (silence.Metadata.Key, silence.Spec);
        IReadOnlyList<Matcher> matchers = [];
        string? problem = null;
        try
        {
            matchers = Matcher.ParseAll(spec.Matchers);
            // What fits everything would hush everything, of which nobody is told.
            if (matchers.All(matcher => matcher.MatchesNothing))
                problem = "its matchers fit every alert";
        }
        catch (FormatException e)
        {
            problem = e.Message;
        }
        return new(key, isSystem(key.Namespace), matchers, spec.StartsAt ?? silence.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue, spec.EndsAt, spec.Comment, spec.CreatedBy, problem);
    }

    public string StateAt(DateTimeOffset now) => now >= EndsAt ? "Expired" : now < StartsAt ? "Pending" : "Active";

    public bool Hushes(AlertInstance alert, DateTimeOffset now) =>
        Problem is null && now >= StartsAt && now < EndsAt && alert.IsSeenFrom(Key.Namespace, IsSystem) && Matcher.All(Matchers, alert.Labels);
}
