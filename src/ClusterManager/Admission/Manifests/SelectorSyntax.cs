using System.Text.RegularExpressions;
using Fleet.Contracts.References;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Whether selectors over labels can be understood: Kubernetes' object form and kubectl's one line. Pure.</summary>
internal static partial class SelectorSyntax
{
    public static IEnumerable<FieldProblem> Check(LabelSelector? selector, string path)
    {
        var expressions = selector?.MatchExpressions ?? [];
        for (var index = 0; index < expressions.Count; index++)
        {
            var at = $"{path}.matchExpressions[{index}]";
            var hasValues = expressions[index].Values is { Count: > 0 };
            if (!Key().IsMatch(expressions[index].Key))
                yield return new($"{at}.key", $"\"{expressions[index].Key}\" is no name of a label");
            switch (expressions[index].Operator)
            {
                case "In" or "NotIn":
                    if (!hasValues)
                        yield return new($"{at}.values", $"must hold a value for {expressions[index].Operator}");
                    break;
                case "Exists" or "DoesNotExist":
                    if (hasValues)
                        yield return new($"{at}.values", $"must hold nothing for {expressions[index].Operator}");
                    break;
                default:
                    yield return new($"{at}.operator", $"must be In, NotIn, Exists or DoesNotExist, not \"{expressions[index].Operator}\"");
                    break;
            }
        }
        foreach (var key in (selector?.MatchLabels ?? []).Keys.Where(key => !Key().IsMatch(key)))
            yield return new($"{path}.matchLabels", $"\"{key}\" is no name of a label");
    }

    public static IEnumerable<FieldProblem> Check(string? selector, string path)
    {
        if (string.IsNullOrWhiteSpace(selector))
            yield break;
        foreach (var part in OutsideOfParentheses().Split(selector))
            if (!Requirement().IsMatch(part))
                yield return new(path, $"\"{part.Trim()}\" is no requirement such as tier=shared, tier in (a, b) or !tier");
    }

    private const string Name = "([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]";
    private const string KeyPattern = "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?" + Name;
    private const string ValuePattern = "(" + Name + ")?";

    [GeneratedRegex("^" + KeyPattern + "$")]
    private static partial Regex Key();

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex OutsideOfParentheses();

    [GeneratedRegex(
        @"^\s*(!\s*" + KeyPattern + "|" + KeyPattern + @"(\s*(==|=|!=)\s*" + ValuePattern + @"|\s*[<>]\s*[0-9]+|\s+(in|notin)\s*\(\s*" + ValuePattern + @"(\s*,\s*" + ValuePattern
        + @")*\s*\))?)\s*$")]
    private static partial Regex Requirement();
}
