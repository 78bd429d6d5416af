"""The rooms in which the methods of the public class are done: each is a noun, as points, arrays, frames or optima."""
