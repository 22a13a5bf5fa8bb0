using Fleet.Backup.Archives;
using Fleet.Backup.Postgres;
using Fleet.Backup.Targets;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands.Backups;

/// <summary>What goes wrong with backups, in their own words.</summary>
internal static class BackupFailure
{
    public static async Task<int> ToWordsAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (BackupTargetException e)
        {
            throw new CommandException(e.Message, e.Fault == BackupTargetFault.NotFound ? ExitCodes.NotFound : ExitCodes.Failed);
        }
        catch (TimeoutException e)
        {
            throw new CommandException(e.Message, ExitCodes.TimedOut);
        }
        catch (Exception e) when (e is ArchiveException or PostgresToolException)
        {
            throw new CommandException(e.Message);
        }
    }
}
