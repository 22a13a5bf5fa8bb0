using System.Text.RegularExpressions;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.Validation;
using Fleet.Control.Alerts;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Whether matchers and templates of alerts can be read. Pure.</summary>
internal static partial class AlertTexts
{
    /// <summary>Labels that Fleet sets itself.</summary>
    private static readonly string[] Reserved = ["alertname", "severity", "cluster", "clusterNamespace", "clusterUid"];

    private const int MostTexts = 30;
    private const int LongestText = 4096;

    public static IEnumerable<FieldProblem> Matchers(List<string>? matchers, string path, bool needsOne)
    {
        var fitsAll = true;
        for (var index = 0; index < (matchers?.Count ?? 0); index++)
        {
            var (matcher, problem) = Read(() => Matcher.Parse(matchers![index]));
            if (problem is not null)
                yield return new($"{path}[{index}]", problem);
            fitsAll &= matcher?.MatchesNothing == true;
        }
        if (needsOne && fitsAll)
            yield return new(path, "fit every alert: one must not match the empty text");
    }

    public static IEnumerable<FieldProblem> Templates(Dictionary<string, string>? texts, string path, bool isLabels)
    {
        if (texts?.Count > MostTexts)
            yield return new(path, $"must not hold more than {MostTexts}");
        foreach (var (name, text) in texts ?? [])
        {
            if (!Name().IsMatch(name))
                yield return new($"{path}.{name}", "is no name: letters, digits and _, and no digit first");
            if (isLabels && Reserved.Contains(name))
                yield return new($"{path}.{name}", "is set by Fleet");
            if (Template(text) is { } problem)
                yield return new($"{path}.{name}", problem);
        }
    }

    public static string? Template(string? text) =>
        text is null ? null : text.Length > LongestText * 2 ? $"must not be longer than {LongestText * 2} characters" : Read(() => AlertTemplate.Parse(text)).Problem;

    private static (T? Value, string? Problem) Read<T>(Func<T> read) where T : class
    {
        try
        {
            return (read(), null);
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    [GeneratedRegex(AlertPatterns.Name)]
    private static partial Regex Name();
}
