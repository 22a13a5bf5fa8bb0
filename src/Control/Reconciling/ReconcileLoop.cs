namespace Fleet.Control.Reconciling;
internal sealed class ReconcileLoop;
