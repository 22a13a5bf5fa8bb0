using System.Text.RegularExpressions;
using Fleet.Rest.Problems;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Objects;

namespace Fleet.Rest.Requests;

/// <summary>Names in paths and parameters, by Kubernetes' rules: checked before they become part of a path at the management API.</summary>
public static partial class PathNames
{
    public static ObjectKey Key(string @namespace, string name)
    {
        var problems = new List<ProblemField>();
        if (!IsNamespace(@namespace))
            problems.Add(new() { Field = "namespace", Message = "must be a name of a namespace: small letters, digits and dashes, 63 at most" });
        if (!IsName(name))
            problems.Add(new() { Field = "name", Message = "must be a name of an object: small letters, digits, dashes and dots, 253 at most" });
        return problems.Count == 0 ? new(@namespace, name) : throw new ProblemException(ProblemKind.Invalid, "the path is wrong", problems);
    }

    public static bool IsNamespace(string text) => text.Length is > 0 and <= 63 && Label().IsMatch(text);

    public static bool IsName(string text) => text.Length is > 0 and <= 253 && Subdomain().IsMatch(text);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();
}
