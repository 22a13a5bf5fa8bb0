using System.Globalization;
using System.Text;
using Fleet.Control.Alerts;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>What a notification says in words. Pure.</summary>
internal sealed class NotificationText
{
    private const int MostListed = 20;
    private const int LongestTitle = 250;

    private readonly Notification notification;
    private readonly Uri? external;

    public NotificationText(Notification notification, string? titleTemplate, string? textTemplate, Uri? external)
    {
        (this.notification, this.external) = (notification, external);
        Firing = notification.Alerts.Count(alert => alert.IsFiring);
        Status = Firing > 0 ? "firing" : "resolved";
        CommonLabels = Common(notification.Alerts.Select(alert => alert.Labels));
        CommonAnnotations = Common(notification.Alerts.Select(alert => alert.Annotations));
        Clusters = [.. notification.Alerts.Select(alert => alert.Labels).Where(labels => labels.ContainsKey(AlertLabels.Cluster))
            .Select(labels => $"{labels.GetValueOrDefault(AlertLabels.ClusterNamespace)}/{labels[AlertLabels.Cluster]}").Distinct().Order(StringComparer.Ordinal)];
        Title = Render(titleTemplate) is { Length: > 0 } title ? OneLine(title) : UsualTitle();
        Text = Render(textTemplate) is { Length: > 0 } text ? text : UsualText();
    }

    public string Status { get; }

    public int Firing { get; }

    public string Title { get; }

    public string Text { get; }

    public string Severity => notification.Alerts.Where(alert => alert.IsFiring || Firing == 0).Select(alert => alert.Labels.GetValueOrDefault(AlertLabels.Severity) ?? "warning")
        .OrderBy(severity => severity switch { "critical" => 0, "error" => 1, "warning" => 2, _ => 3 }).FirstOrDefault() ?? "warning";

    public IReadOnlyDictionary<string, string> CommonLabels { get; }

    public IReadOnlyDictionary<string, string> CommonAnnotations { get; }

    public IReadOnlyList<string> Clusters { get; }

    /// <summary>Where people look at them; null when that is not known.</summary>
    public string? Link => external is null ? null : new Uri(external, "console/alerts").ToString();

    private string UsualTitle()
    {
        var name = notification.GroupLabels.GetValueOrDefault(AlertLabels.Name) ?? CommonLabels.GetValueOrDefault(AlertLabels.Name) ?? "Alerts";
        var where = Clusters.Count switch { 0 => "", <= 3 => $" on {string.Join(", ", Clusters)}", _ => $" on {Clusters.Count} clusters" };
        return OneLine(Firing > 0 ? $"[FIRING:{Firing}] {name}{where}" : $"[RESOLVED] {name}{where}");
    }

    private string UsualText()
    {
        var text = new StringBuilder();
        if (Clusters.Count > 3)
            text.Append(CultureInfo.InvariantCulture, $"Clusters: {string.Join(", ", Clusters.Take(50))}{(Clusters.Count > 50 ? $" and {Clusters.Count - 50} others" : "")}\n\n");
        foreach (var alert in notification.Alerts.Take(MostListed))
        {
            var summary = alert.Annotations.GetValueOrDefault("summary") ?? $"{alert.Labels.GetValueOrDefault(AlertLabels.Name)} {AlertLabels.Text(alert.Labels.Where(label => label.Key != AlertLabels.Name))}";
            text.Append(CultureInfo.InvariantCulture, $"{(alert.IsFiring ? "FIRING" : "resolved")}  {OneLine(summary)}\n");
            if (alert.Annotations.GetValueOrDefault("description") is { } description)
                text.Append(CultureInfo.InvariantCulture, $"  {OneLine(description)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  since {alert.StartsAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z{(alert.EndsAt is { } end ? $" until {end.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "")}\n");
        }
        if (notification.Alerts.Count + notification.Truncated - MostListed is > 0 and var more)
            text.Append(CultureInfo.InvariantCulture, $"and {more} others\n");
        if (Link is { } link)
            text.Append(link).Append('\n');
        return text.ToString();
    }

    private string Render(string? template) => template is null ? "" : AlertTemplate.Parse(template).Render(place => place switch
    {
        ".status" => Status,
        ".title" => UsualTitle(),
        ".text" => UsualText(),
        ".severity" => Severity,
        ".firing" => Firing.ToString(CultureInfo.InvariantCulture),
        ".resolved" => (notification.Alerts.Count - Firing).ToString(CultureInfo.InvariantCulture),
        ".alerts" => notification.Alerts.Count.ToString(CultureInfo.InvariantCulture),
        ".clusters" => string.Join(", ", Clusters),
        ".receiver" => notification.Receiver,
        ".link" => Link,
        _ when place.StartsWith(".groupLabels.", StringComparison.Ordinal) => notification.GroupLabels.GetValueOrDefault(place[".groupLabels.".Length..]),
        _ when place.StartsWith(".commonLabels.", StringComparison.Ordinal) => CommonLabels.GetValueOrDefault(place[".commonLabels.".Length..]),
        _ when place.StartsWith(".commonAnnotations.", StringComparison.Ordinal) => CommonAnnotations.GetValueOrDefault(place[".commonAnnotations.".Length..]),
        _ => null,
    });

    private static Dictionary<string, string> Common(IEnumerable<IReadOnlyDictionary<string, string>> all)
    {
        Dictionary<string, string>? common = null;
        foreach (var one in all)
            common = common is null ? new(one) : common.Where(pair => one.GetValueOrDefault(pair.Key) == pair.Value).ToDictionary(pair => pair.Key, pair => pair.Value);
        return common ?? [];
    }

    private static string OneLine(string text)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return line.Length <= LongestTitle ? line : line[..(LongestTitle - 1)] + "…";
    }
}
