using System.CommandLine;

namespace Fleet.Cli.Commands.Objects;

/// <summary>Which namespaces a command looks at.</summary>
internal static class Scope
{
    public static Option<string?> NamespaceOption() => new("--namespace", "-n") { Description = "Only this namespace. Default: all of them" };

    /// <summary>Accepted because fingers type it; all namespaces are the default anyway.</summary>
    public static Option<bool> AllOption() => new("--all-namespaces", "-A") { Description = "All namespaces (the default)" };
}
