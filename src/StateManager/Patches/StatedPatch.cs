using Fleet.Contracts.Services;

namespace Fleet.StateManager.Patches;

/// <summary>An entry of <c>provider.config.patches</c> as its author wrote it.</summary>
/// <param name="Name">The field that it is in.</param>
/// <param name="Target">Null: the object that the patch itself names.</param>
/// <param name="Text">May be a template.</param>
internal sealed record StatedPatch(string Name, ObjectSelector? Target, string Text);
