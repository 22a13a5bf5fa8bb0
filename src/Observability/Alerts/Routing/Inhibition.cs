using Fleet.Control.Alerts;
using Fleet.Contracts.Alerts;

namespace Fleet.Observability.Alerts.Routing;

/// <summary>Alerts that hush others while they fire. Pure.</summary>
internal sealed record Inhibition(IReadOnlyList<Matcher> Source, IReadOnlyList<Matcher> Target, IReadOnlyList<string> Equal)
{
    /// <exception cref="FormatException">A matcher can not be read.</exception>
    public static Inhibition Of(InhibitRule rule) => new(Matcher.ParseAll(rule.SourceMatchers), Matcher.ParseAll(rule.TargetMatchers), [.. rule.Equal ?? []]);

    /// <summary>As Alertmanager: an alert that fits both sides is not hushed by one that does so as well, and so never by itself.</summary>
    public bool Hushes(IReadOnlyDictionary<string, string> source, IReadOnlyDictionary<string, string> target) =>
        Matcher.All(Target, target) && Matcher.All(Source, source)
        && !(Matcher.All(Source, target) && Matcher.All(Target, source))
        && Equal.All(label => (source.GetValueOrDefault(label) ?? "") == (target.GetValueOrDefault(label) ?? ""));
}
