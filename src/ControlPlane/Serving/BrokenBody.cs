using System.Text;
using Fleet.ControlPlane.Simulation.Kubelets;

namespace Fleet.ControlPlane.Serving;

/// <summary>Answers as they come from something that is broken: begun well, then garbage, then over.</summary>
internal static class BrokenBody
{
    /// <summary>In the middle of a line: a number that is none, a label that does not end, bytes that are no UTF-8.</summary>
    private static readonly byte[] Garbage = [.. "{\"}= 12..5e 0x\nnot_a_metric{a=\"b\n\0"u8, 0xff, 0xfe, (byte)'\n'];

    public static Task WriteAsync(HttpResponse response, int code, string beginning, string type) =>
        ResponseBytes.WriteAsync(response, code, new ReadOnlyMemory<byte>([.. Encoding.UTF8.GetBytes(beginning), .. Garbage]), type);

    public static Task WriteAsync(HttpResponse response, KubeletAnswer answer) =>
        ResponseBytes.WriteAsync(response, answer.Code, new ReadOnlyMemory<byte>([.. answer.Body.Span[..(answer.Body.Length * 3 / 5)], .. Garbage]), answer.MediaType);
}
