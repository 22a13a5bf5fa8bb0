using Fleet.Cli.Output;
using Fleet.Cost.Focus;

namespace Fleet.Cli.Commands.Costs;

/// <summary>Opens a bill: CSV or JSON lines, packed or not, by what is in it and not by its name.</summary>
internal static class BillFile
{
    /// <exception cref="CommandException">There is no such file.</exception>
    public static StreamReader Open(string name)
    {
        if (name != "-" && !File.Exists(name))
            throw new CommandException($"There is no file {name}.", ExitCodes.NotFound);
        var file = new BufferedStream(name == "-" ? Console.OpenStandardInput() : File.OpenRead(name), 1 << 16);
        var start = new byte[2];
        var read = file.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        var whole = new BillStream(start.AsMemory(0, read), file);
        return new(start is [0x1f, 0x8b] ? new WholeGzipStream(whole) : whole);
    }

    public static FocusReading Read(StreamReader reader) => IsJsonLines(reader) ? FocusJsonLines.Open(reader) : FocusCsv.Open(reader);

    /// <summary>JSON lines begin with a brace.</summary>
    public static bool IsJsonLines(StreamReader reader)
    {
        while (reader.Peek() is '\r' or '\n' or ' ')
            reader.Read();
        return reader.Peek() == '{';
    }
}
