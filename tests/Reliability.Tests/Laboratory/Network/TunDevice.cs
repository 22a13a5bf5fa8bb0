using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Reliability.Tests.Laboratory.Network;

/// <summary>A network device whose other end is this process: what the kernel sends through it is read here, packet by packet, and what is written here it receives. Gone with the process.</summary>
internal sealed class TunDevice : IDisposable
{
    public const string Device = "/dev/net/tun";
    public const int LargestPacket = 9000;

    private const uint SetInterface = 0x400454ca;
    private const short TunWithoutHeader = 0x1001;
    private const int NameLength = 16;

    private readonly SafeFileHandle handle;

    private TunDevice(SafeFileHandle handle, string name) => (this.handle, Name) = (handle, name);

    public string Name { get; }

    /// <exception cref="IOException">This process may not, or the kernel cannot.</exception>
    public static TunDevice Open()
    {
        var handle = File.OpenHandle(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var request = new byte[40];
        Encoding.ASCII.GetBytes("fleetlab%d", request);
        BitConverter.TryWriteBytes(request.AsSpan(NameLength), TunWithoutHeader);
        if (Control(handle, SetInterface, request) != 0)
        {
            handle.Dispose();
            throw new IOException($"the kernel gives no network device: error {Marshal.GetLastPInvokeError()}");
        }
        return new(handle, Encoding.ASCII.GetString(request, 0, Array.IndexOf(request, (byte)0)));
    }

    /// <summary>Waits for a packet. 0 when the device is gone.</summary>
    public int Read(byte[] packet)
    {
        try
        {
            return (int)Math.Max(0, Read(handle, packet, packet.Length));
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>A packet that cannot be taken is lost, as on any wire.</summary>
    public void Write(byte[] packet, int length)
    {
        try
        {
            _ = Write(handle, packet, length);
        }
        catch (ObjectDisposedException)
        {
            // The laboratory is over.
        }
    }

    public void Dispose() => handle.Dispose();

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle file, uint request, byte[] argument);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(SafeFileHandle file, byte[] into, nint length);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(SafeFileHandle file, byte[] from, nint length);
}
