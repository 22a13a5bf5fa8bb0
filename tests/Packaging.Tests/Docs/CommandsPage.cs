using System.CommandLine;
using System.Text;
using Fleet.Cli;

namespace Fleet.Packaging.Tests.Docs;

/// <summary>docs/reference/cli.md from the command line's own description of itself.</summary>
internal static class CommandsPage
{
    public static string Text()
    {
        var root = RootCommandBuilder.Build();
        var page = new StringBuilder("# Commands\n\nMade from `fleet --help` of every command.\n\nWith every command:\n\n");
        Options(page, root);
        foreach (var command in root.Subcommands.OrderBy(command => command.Name, StringComparer.Ordinal))
            Write(page, command, "fleet");
        return page.ToString();
    }

    private static void Write(StringBuilder page, Command command, string parent)
    {
        if (command.Hidden)
            return;
        var name = $"{parent} {command.Name}";
        page.Append("## ").Append(name).Append("\n\n").Append(Line(command.Description)).Append("\n\n");
        if (command.Subcommands.Count == 0)
            page.Append('`').Append(name).Append(string.Concat(command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name.ToUpperInvariant()}]" : $" {argument.Name.ToUpperInvariant()}")))
                .Append(command.Options.Count == 0 ? "" : " [options]").Append("`\n\n");
        if (command.Arguments.Count > 0)
        {
            foreach (var argument in command.Arguments)
                page.Append("- `").Append(argument.Name.ToUpperInvariant()).Append("`: ").Append(Line(argument.Description)).Append('\n');
            page.Append('\n');
        }

        Options(page, command);
        foreach (var below in command.Subcommands)
            Write(page, below, name);
    }

    private static void Options(StringBuilder page, Command command)
    {
        var shown = command.Options.Where(option => !option.Hidden && option.Name is not ("--help" or "--version")).ToList();
        if (shown.Count == 0)
            return;
        page.Append("| option | |\n|---|---|\n");
        foreach (var option in shown)
            page.Append("| `").AppendJoin("` `", new[] { option.Name }.Concat(option.Aliases.Order(StringComparer.Ordinal))).Append("` | ").Append(option.Required ? "Must be given. " : "").Append(Line(option.Description)).Append(" |\n");
        page.Append('\n');
    }

    private static string Line(string? text) => (text ?? "").ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
