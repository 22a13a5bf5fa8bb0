using System.CommandLine;

namespace Fleet.Cli.Commands.Diagnosis;

/// <summary>Prints a shell's completion script; the script asks the CLI's own <c>[suggest]</c> directive, so that it never goes stale.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _fleet_complete() {
            local IFS=$'\n'
            COMPREPLY=($("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null))
        }
        complete -F _fleet_complete fleet ./fleet

        """;

    private const string Zsh = """
        _fleet() {
            local completions=("${(@f)$(${words[1]} "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -a completions
        }
        compdef _fleet fleet ./fleet

        """;

    private const string Fish = """
        complete -f -c fleet -a '(fleet "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'

        """;

    public static Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script: source <(fleet completion bash)") { shell };
        command.SetAction(parsed =>
        {
            Console.Write(parsed.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return ExitCodes.Success;
        });
        return command;
    }
}
