using Fleet.Kubernetes.Resources;
using Spectre.Console;

namespace Fleet.Cli.Output;

/// <summary>A failure that a user can act on; its message is printed as it is, without a stack trace.</summary>
public sealed class CommandException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>Turns what went wrong into words on standard error and an exit code.</summary>
internal static class Failure
{
    private static readonly IAnsiConsole Errors = Terminal.Create(Console.Error, Console.IsErrorRedirected);

    public static async Task<int> ToExitCodeAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (CommandException error)
        {
            return Print(error.Message, error.ExitCode);
        }
        catch (KubeApiException error)
        {
            return Print(Words(error), error.IsNotFound ? ExitCodes.NotFound : error.Code == 0 ? ExitCodes.NotRunning : ExitCodes.Failed);
        }
        catch (OperationCanceledException)
        {
            return Print("Interrupted.", ExitCodes.Failed);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            return Print(error.Message, ExitCodes.Failed);
        }
    }

    public static void Warn(string message) => Errors.MarkupLineInterpolated($"[yellow]Warning:[/] {message}");

    private static string Words(KubeApiException error)
    {
        if (error.Code == 0)
            return $"{error.Message}\nIs the fleet running? Start it with `fleet up`, or look with `fleet doctor`.";
        var causes = error.Details?.Causes ?? [];
        return causes.Count <= 1 ? error.Message : error.Message + string.Concat(causes.Select(cause => $"\n  {cause.Field}: {cause.Message}"));
    }

    private static int Print(string message, int exitCode)
    {
        Errors.MarkupLineInterpolated($"[red]Error:[/] {message}");
        return exitCode;
    }
}
