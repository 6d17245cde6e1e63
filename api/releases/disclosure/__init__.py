"""What a study's releases tell of people, as data: policies per tier, hierarchies, and what they would cost."""
