using System.CommandLine;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Diagnosis;

/// <summary>Verbs that the launcher of a source tree carries out before this program starts; here they are only listed and explained.</summary>
internal static class SourceTreeCommand
{
    public static Command Build(string verb, string description)
    {
        var rest = new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(verb, $"{description} Only in a source tree: ./fleet {verb}") { rest };
        command.SetAction(new Func<ParseResult, int>(_ => throw new CommandException($"{verb} needs the sources: run ./fleet {verb} in a clone of the repository.", ExitCodes.Usage)));
        return command;
    }
}
