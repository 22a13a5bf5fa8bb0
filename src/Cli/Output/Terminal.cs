using Spectre.Console;

namespace Fleet.Cli.Output;

/// <summary>Colours and wrapping are for people: what goes into a pipe or a file is plain, one line a line.</summary>
internal static class Terminal
{
    private const int NoWrap = 10_000;

    /// <summary>Columns of the terminal; null when standard output is none, or does not know.</summary>
    public static int? Width
    {
        get
        {
            try
            {
                return Console.IsOutputRedirected || Console.WindowWidth < 20 ? null : Console.WindowWidth;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    public static IAnsiConsole Create(TextWriter output, bool redirected)
    {
        var plain = redirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = NoWrap;
        return console;
    }
}
